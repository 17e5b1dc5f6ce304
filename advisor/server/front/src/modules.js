// The widget classes of this page, by the module and name that Python sends. For other classes nothing is fetched.
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import "anywidget";
import { define } from "./define.js";
import * as output from "./output.js";

const { AnyModel, ...anywidget } = define.made(base);

/** Return the state with the absolute address of the widget's module. Python sends only a path; anywidget needs the address. */
export function located(state) {
  const own = typeof state._esm === "string" && /^\/[\w./-]+$/.test(state._esm);
  return own ? { ...state, _esm: new URL(state._esm, window.location.origin).href } : state;
}

/** A model that can get its whole state again after a lost line: the path of its module becomes an address each time. */
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

/** Return a model or view class; throw an error with its name if the page has none. */
export function classOf(name, module) {
  const found = Object.hasOwn(MODULES, module) ? MODULES[module][name] : undefined;
  if (!found) throw new Error(`this page has no ${name} of ${module}`);
  return found;
}
