// The widget classes that this page knows, by the module and name that Python gives them. Nothing is ever fetched for others.
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import "anywidget";
import { define } from "./define.js";
import * as output from "./output.js";

const { AnyModel, ...anywidget } = define.made(base);

/** anywidget imports absolute addresses only; Python names a file of this server by its path. */
export function located(state) {
  const own = typeof state._esm === "string" && /^\/[\w./-]+$/.test(state._esm);
  return own ? { ...state, _esm: new URL(state._esm, window.location.origin).href } : state;
}

/** A model that may be told its whole state again, after a line was lost. */
class OwnModel extends AnyModel {
  set_state(state) {
    super.set_state(located(state));
  }
}

const MODULES = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  "@jupyter-widgets/output": output,
  anywidget: { ...anywidget, AnyModel: OwnModel },
};

/** A model or view class; an error names what is missing. */
export function classOf(name, module) {
  const found = Object.hasOwn(MODULES, module) ? MODULES[module][name] : undefined;
  if (!found) throw new Error(`this page has no ${name} of ${module}`);
  return found;
}
