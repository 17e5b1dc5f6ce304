// Builds the files of the served page: node build.mjs WORK OUT. WORK holds node_modules; the files go to OUT.
// Every name holds a hash of the content, so that browsers may cache it for ever. Each file also gets a .br and a .gz.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";

const [work, out] = process.argv.slice(2).map((path) => resolve(path));
const { build } = createRequire(join(work, "package.json"))("esbuild");
const source = join(dirname(fileURLToPath(import.meta.url)), "src");
const widgets = join(source, "../../../view/widgets/static");

const common = {
  bundle: true, minify: true, write: false, legalComments: "none", charset: "utf8", logLevel: "warning",
  nodePaths: [join(work, "node_modules")], define: { global: "globalThis" },
};
const target = "es2022";

/** Small stand-ins for large packages of which the page uses little. Each stand-in says why. */
const standIns = {
  name: "stand-ins",
  setup({ onResolve }) {
    onResolve({ filter: /^sanitize-html$/ }, () => ({ path: join(source, "sanitize.js") }));
    onResolve({ filter: /^\.\.$/ }, ({ importer }) =>
      /@jupyterlab[\\/]services[\\/]lib[\\/]kernel[\\/]/.test(importer) ? { path: join(source, "services.js") } : null);
  },
};

const used = new Set(); // folders of the packages whose code is in a file

async function bundled(entry, options) {
  const { outputFiles, metafile } = await build({ ...common, metafile: true, entryPoints: [join(source, entry)], ...options });
  for (const [path, { bytesInOutput }] of Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))) {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
    if (folder && bytesInOutput) used.add(resolve(folder));
  }
  return outputFiles[0].contents;
}

/** Return the licences of all third-party code in the files. The licences demand that they are delivered. */
async function licences() {
  const texts = new Map();
  for (const folder of used) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    texts.set(`${name} ${version} (${license})`, file ? await readFile(join(folder, file), "utf8") : "");
  }
  return [...texts].sort().map((told) => told.join("\n\n").trim()).join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}

/** Return a widget's module: its files, joined in the same way as Python joins them for pages of other servers. */
async function widget(names) {
  const parts = await Promise.all(names.map((name) => readFile(join(widgets, name), "utf8")));
  const { outputFiles } = await build({ ...common, target, format: "esm", stdin: { contents: parts.join("\n") } });
  return outputFiles[0].contents;
}

const made = {
  "front.js": await bundled("main.js", { format: "esm", target, plugins: [standIns], inject: [join(source, "define.js")] }),
  "page.css": await bundled("page.css", {}),
  "plotly.js": await bundled("plotly.js", { format: "iife", target, loader: { ".css": "empty" } }), // its CSS is for maps
};
const modules = JSON.parse(await readFile(join(widgets, "modules.json"), "utf8"));
for (const [name, files] of Object.entries(modules)) made[`${name}.js`] = await widget(files);

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
await mkdir(out, { recursive: true });
const manifest = {};
const files = new Map();
for (const [name, content] of Object.entries(made)) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const hashed = name.replace(extname(name), `-${hash}${extname(name)}`);
  manifest[name] = hashed;
  files.set(hashed, content);
  files.set(`${hashed}.br`, brotli(content, { params: { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
  files.set(`${hashed}.gz`, gzip(content, { level: 9 }));
}
const names = JSON.stringify(manifest, null, 2);
files.set("licences.txt", await licences());
files.set("names.j2", `{% set names = ${names} %}\n`); // for plain Voilà: its templates cannot read JSON
for (const old of await readdir(out)) if (!files.has(old)) await rm(join(out, old), { recursive: true });
for (const [name, content] of files) await writeFile(join(out, name), await content);
await writeFile(join(out, "manifest.json"), names); // written last: if it is there, all files are
