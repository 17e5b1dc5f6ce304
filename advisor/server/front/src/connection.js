// The connection to the page's kernel: one websocket. When it is lost, it is made anew as long as the kernel lives.
import { KernelConnection } from "@jupyterlab/services/lib/kernel/default";
import { createMessage } from "@jupyterlab/services/lib/kernel/messages";
import { KernelAPIClient } from "@jupyterlab/services/lib/kernel/restapi";
import { ServerConnection } from "@jupyterlab/services/lib/serverconnection";

const PAUSES = [1000, 2000, 4000, 8000]; // ms between questions whether the kernel lives; the last pause is used again
const PATIENCE = 8000; // ms for one try; some networks drop everything and never answer
const UNREACHABLE = [424, 502, 503, 504]; // answers of a proxy or a hub while our server cannot be reached
const TRIES = 3; // tries of a websocket one after the other, then a pause; the library's own pauses grow to a minute
const REFUSED = 2; // failed websockets while the server answers requests; after these, the network is taken to block them

/**
 * Tell the page the state of its line: "open", "lost" (it is being made anew), "ended" (the kernel or the login is gone) or
 * "barred" (the server answers, but no websocket gets through). The window event is "advisor-line". The listener sends
 * "advisor-silence" if nothing comes over a line that seems open. "advisor-leave" is sent before the goodbye to the kernel.
 */
function tell(state) {
  window.dispatchEvent(new CustomEvent("advisor-line", { detail: { state } }));
}

/** A websocket that closes itself if it does not open in time. */
class Socket extends WebSocket {
  constructor(...address) {
    super(...address);
    const timer = setTimeout(() => this.readyState === WebSocket.CONNECTING && this.close(), PATIENCE);
    for (const name of ["open", "close"]) this.addEventListener(name, () => clearTimeout(timer));
  }
}

/** Wait for some time, but go on at once when the network is back or the page is shown again. */
function pause(ms) {
  return new Promise((done) => {
    const ended = new AbortController();
    const end = () => {
      ended.abort();
      clearTimeout(timer);
      done();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end, { signal: ended.signal });
    document.addEventListener("visibilitychange", () => document.hidden || end(), { signal: ended.signal });
  });
}

/** Asks the server whether the kernel still lives, each time the websocket could not be opened. */
class Client extends KernelAPIClient {
  refused = 0; // websockets that failed while the server answered this question
  onRefused = () => {};

  async getModel(id) {
    for (let tries = 0; ; tries++) {
      try {
        const model = await super.getModel(id);
        // while its cells run, a kernel may keep a websocket waiting: this does not mean that the network blocks it
        if (model && document.readyState !== "loading" && ++this.refused >= REFUSED) this.onRefused();
        if (model) return model;
      } catch (error) {
        const passing = error instanceof ServerConnection.NetworkError || UNREACHABLE.includes(error.response?.status);
        if (!passing) throw error;
        await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
        continue;
      }
      throw new Error("the kernel has ended"); // the library then stops trying
    }
  }
}

class Connection extends KernelConnection {
  _reconnectLimit = TRIES;

  /** Ask the kernel to end. It handles all messages that were sent before this one. */
  sayGoodbye() {
    const { clientId: session, username } = this;
    const goodbye = { msgType: "shutdown_request", channel: "shell", session, username, content: { restart: false } };
    if (this.connectionStatus === "connected") this.sendShellMessage(createMessage(goodbye));
  }
}

/** Connect to a kernel. When the page is closed, the kernel ends. */
export function connect(id, baseUrl) {
  const http = new URL(baseUrl, window.location.origin).href;
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: http, wsUrl: http.replace(/^http/, "ws"), token: "", WebSocket: Socket,
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE) }),
  });
  const client = new Client({ serverSettings });
  const kernel = new Connection({
    model: { id, name: "python3" },
    serverSettings,
    kernelAPIClient: client,
    commsOverSubshells: "disabled", // changes are handled one after the other, and kernels need no extra thread
  });
  let opened = false;
  client.onRefused = () => opened || tell("barred"); // if one websocket got through before, the network does not block them
  kernel.connectionStatusChanged.connect((_, status) => {
    opened ||= status === "connected";
    if (opened) tell(status === "connected" ? "open" : "lost");
  });
  kernel.statusChanged.connect((_, status) => status === "dead" && tell("ended"));
  window.addEventListener("advisor-silence", () => {
    if (kernel.connectionStatus === "connected") kernel.reconnect().catch(() => {});
  });
  kernel.connectionStatusChanged.connect(async (_, status) => {
    if (status !== "disconnected" || kernel.isDisposed) return;
    await pause(opened || client.refused < REFUSED ? PAUSES[1] : PAUSES.at(-1)); // the library gave up, or the server closed the line
    if (!kernel.isDisposed && kernel.connectionStatus === "disconnected") kernel.reconnect().catch(() => {});
  });
  window.addEventListener("pagehide", (event) => {
    if (event.persisted) return; // the browser keeps the page: it may come back and connect again
    window.dispatchEvent(new Event("advisor-leave")); // typed text must be sent before the goodbye
    kernel.sayGoodbye();
    navigator.sendBeacon(new URL(`voila/api/shutdown/${id}`, http)); // in case the goodbye does not arrive over the line
    kernel.dispose();
  });
  return kernel;
}
