// ipywidgets' own manager for one kernel, with the widget classes of this bundle.
import { ErrorWidgetView, shims } from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import { MessageLoop } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { classOf, located } from "./modules.js";

const { Comm } = shims.services;

export class Manager extends ManagerBase {
  /** `fail` is called with the error if a widget cannot be shown: its class is missing, or its model or view throws. */
  constructor(kernel, fail) {
    super();
    this.kernel = kernel;
    this.fail = fail;
    this.told = new Map(); // comms that were opened before the answer with all models; null after that answer
    this.drawing = new Set();
    kernel.registerCommTarget(this.comm_target_name, (comm, message) => {
      if (!this.told) return this.handle_comm_open(new Comm(comm), message);
      this.told.set(comm.commId, { comm, message });
    });
  }

  /**
   * Ask the kernel for all its models at once. Later models come by themselves when they are opened. An opening that arrives
   * before the answer is kept: its model may contain models that only the answer brings.
   */
  async load() {
    this.told ??= new Map();
    await this._loadFromKernel();
    const told = this.told ?? new Map();
    this.told = null;
    for (const [id, { comm, message }] of told) {
      if (!this.has_model(id)) await this.handle_comm_open(new Comm(comm), message);
    }
  }

  async loadClass(name, module) {
    return classOf(name, module);
  }

  new_model(options, state = {}) {
    return super.new_model(options, located(state));
  }

  async create_view(model, options) {
    const view = super.create_view(model, options);
    this.drawing.add(view);
    try {
      if ((await view) instanceof ErrorWidgetView) this.fail(new Error(`no view of ${model.get("_model_name")}`));
      return await view;
    } finally {
      this.drawing.delete(view);
    }
  }

  /** Show a model in an element; return when the views inside it are drawn, too. */
  async show(id, element) {
    this.attach(await this.create_view(await this.get_model(id)), element);
    while (this.drawing.size) await Promise.allSettled(this.drawing);
  }

  /** Put a view into the page, and tell it when the window changes size. */
  attach(view, element) {
    const widget = view.luminoWidget;
    Widget.attach(widget, element);
    const resize = () => MessageLoop.postMessage(widget, Widget.ResizeMessage.UnknownSize);
    window.addEventListener("resize", resize);
    widget.disposed.connect(() => window.removeEventListener("resize", resize));
  }

  /** Call `take` with the answers to one message of ours; for the Output widget. */
  hook(id, take) {
    const { kernel } = this;
    kernel.registerMessageHook(id, take);
    return { dispose: () => kernel.isDisposed || kernel.removeMessageHook(id, take) };
  }

  async _create_comm(target, id, data, metadata, buffers) {
    const comm = this.told?.get(id)?.comm ?? this.kernel.createComm(target, id);
    if (data || metadata) comm.open(data, metadata, buffers);
    return new Comm(comm);
  }

  async _get_comm_info() {
    const reply = await this.kernel.requestCommInfo({ target_name: this.comm_target_name });
    return reply.content.status === "ok" ? reply.content.comms : {};
  }
}
