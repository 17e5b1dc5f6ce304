// ipywidgets' Output widget: it shows what a callback prints or displays: text, pictures and widgets. Of richer output it shows
// only the text form, because markup from a kernel is never run as HTML here.
import * as base from "@jupyter-widgets/output";

const PICTURES = ["image/png", "image/jpeg", "image/gif"];
const WIDGET = "application/vnd.jupyter.widget-view+json";
const SHOWN = ["stream", "display_data", "execute_result", "error"];

const textOf = (text) => (Array.isArray(text) ? text.join("") : (text ?? ""));

export class OutputModel extends base.OutputModel {
  defaults() {
    return { ...super.defaults(), msg_id: "", outputs: [] };
  }

  initialize(...told) {
    super.initialize(...told);
    this.clearing = false; // set by clear_output(wait=True): clear when the next output comes
    this.on("change:msg_id", this.capture);
    this.once("destroy", () => this.captured?.dispose());
    this.capture();
  }

  /** Take the messages of Python while it is inside `with output:`. */
  capture() {
    this.captured?.dispose();
    const id = this.get("msg_id");
    this.captured = id ? this.widget_manager.hook(id, (message) => this.take(message)) : null;
  }

  /** Take a message if it is output; return true to let other listeners have it. */
  take({ header, content }) {
    if (header.msg_type === "clear_output") {
      this.clearing = content.wait;
      if (!content.wait) this.show([]);
      return false;
    }
    if (!SHOWN.includes(header.msg_type)) return true;
    const before = this.clearing ? [] : this.get("outputs");
    this.clearing = false;
    const last = before.at(-1);
    const fresh = { ...content, output_type: header.msg_type };
    if (fresh.output_type === "stream" && last?.output_type === "stream" && last.name === fresh.name) {
      this.show([...before.slice(0, -1), { ...last, text: textOf(last.text) + fresh.text }]);
    } else this.show([...before, fresh]);
    return false;
  }

  show(outputs) {
    this.set("outputs", outputs);
    this.save_changes();
  }
}

export class OutputView extends base.OutputView {
  async render() {
    super.render();
    this.drawn = Promise.resolve();
    this.views = [];
    this.listenTo(this.model, "change:outputs", this.draw);
    await this.draw();
  }

  /** Draw after any running draw has ended, so that the newest outputs are shown at the end. */
  draw() {
    this.drawn = this.drawn.then(() => this.drawNow());
    return this.drawn;
  }

  async drawNow() {
    for (const view of this.views.splice(0)) view.remove();
    this.el.replaceChildren();
    for (const output of this.model.get("outputs")) {
      const part = document.createElement("div");
      this.el.append(part);
      await this.drawOne(part, output);
    }
  }

  async drawOne(part, { output_type: type, text, data = {}, ename, evalue }) {
    const picture = PICTURES.find((kind) => kind in data);
    if (WIDGET in data) {
      const model = await this.model.widget_manager.get_model(data[WIDGET].model_id);
      const view = await this.create_child_view(model);
      this.views.push(view);
      this.model.widget_manager.attach(view, part);
    } else if (picture) {
      const source = `data:${picture};base64,${textOf(data[picture]).replaceAll("\n", "")}`;
      const alt = textOf(data["text/plain"]);
      part.append(Object.assign(document.createElement("img"), { className: "advisor-output-picture", src: source, alt }));
    } else {
      const said = type === "error" ? `${ename}: ${evalue}` : textOf(type === "stream" ? text : data["text/plain"]);
      part.append(Object.assign(document.createElement("pre"), { className: "advisor-output-text", textContent: said }));
      part.firstChild.classList.toggle("advisor-output-error", type === "error");
    }
  }

  remove() {
    for (const view of this.views.splice(0)) view.remove();
    return super.remove();
  }
}
