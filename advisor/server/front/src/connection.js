// The connection to the page's kernel: one websocket, made anew when it is lost for as long as the kernel lives.
import { KernelConnection } from "@jupyterlab/services/lib/kernel/default";
import { createMessage } from "@jupyterlab/services/lib/kernel/messages";
import { KernelAPIClient } from "@jupyterlab/services/lib/kernel/restapi";
import { ServerConnection } from "@jupyterlab/services/lib/serverconnection";

const PAUSES = [1000, 2000, 4000, 8000]; // ms between looks for the kernel; the last one stays
const PATIENCE = 8000; // ms for one try: a network that swallows everything never says no
const UNREACHABLE = [424, 502, 503, 504]; // a proxy or a hub speaks for a server that is not there now
const TRIES = 3; // of a websocket in quick succession, then a pause; the library's own pauses grow to a minute
const REFUSED = 2; // websockets that fail while the server answers otherwise: something on the way lets none through

/**
 * Tell the page how its line is: "open", "lost" (it is being made anew), "ended" (the kernel is gone, or the login) or
 * "barred" (a page gets no websocket, though the server answers). Whoever shows it listens for "advisor-line", and sends
 * "advisor-silence" when nothing comes over a line that seems open. "advisor-leave" comes before the goodbye to the kernel.
 */
function tell(state) {
  window.dispatchEvent(new CustomEvent("advisor-line", { detail: { state } }));
}

/** A websocket that gives up when nobody answers. */
class Socket extends WebSocket {
  constructor(...address) {
    super(...address);
    const timer = setTimeout(() => this.readyState === WebSocket.CONNECTING && this.close(), PATIENCE);
    for (const name of ["open", "close"]) this.addEventListener(name, () => clearTimeout(timer));
  }
}

/** Wait, but no longer than until the network is back or somebody looks at the page. */
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

/** Asks whether the kernel still lives, whenever the websocket could not be opened. */
class Client extends KernelAPIClient {
  refused = 0; // websockets that failed while this was answered
  onRefused = () => {};

  async getModel(id) {
    for (let tries = 0; ; tries++) {
      try {
        const model = await super.getModel(id);
        // while its cells run, a kernel keeps a websocket waiting: that says nothing of the network
        if (model && document.readyState !== "loading" && ++this.refused >= REFUSED) this.onRefused();
        if (model) return model;
      } catch (error) {
        const passing = error instanceof ServerConnection.NetworkError || UNREACHABLE.includes(error.response?.status);
        if (!passing) throw error;
        await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
        continue;
      }
      throw new Error("the kernel has ended"); // nothing is tried any more
    }
  }
}

class Connection extends KernelConnection {
  _reconnectLimit = TRIES;

  /** Ask the kernel to end once it has heard everything that was sent before. */
  sayGoodbye() {
    const { clientId: session, username } = this;
    const goodbye = { msgType: "shutdown_request", channel: "shell", session, username, content: { restart: false } };
    if (this.connectionStatus === "connected") this.sendShellMessage(createMessage(goodbye));
  }
}

/** Connect to a kernel; a page that is closed ends it. */
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
    commsOverSubshells: "disabled", // one change after the other, and no thread of its own in every kernel
  });
  let opened = false;
  client.onRefused = () => opened || tell("barred"); // where one websocket came through, the network is not it
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
    await pause(opened || client.refused < REFUSED ? PAUSES[1] : PAUSES.at(-1)); // it gave up, or the server said goodbye: look again
    if (!kernel.isDisposed && kernel.connectionStatus === "disconnected") kernel.reconnect().catch(() => {});
  });
  window.addEventListener("pagehide", (event) => {
    if (event.persisted) return; // kept by the browser: it may come back and connect again
    window.dispatchEvent(new Event("advisor-leave")); // whoever hears the page go may hear it later: what is typed comes first
    kernel.sayGoodbye();
    navigator.sendBeacon(new URL(`voila/api/shutdown/${id}`, http)); // where the line does not carry the goodbye
    kernel.dispose();
  });
  return kernel;
}
