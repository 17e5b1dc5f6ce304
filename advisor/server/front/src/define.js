// anywidget is only published as an AMD module: it calls the global define() with the names of its imports and a factory.
// esbuild puts this function in place of that global.
export function define(_needs, factory) {
  define.made = factory;
}
