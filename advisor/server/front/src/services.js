// In the place of the index of @jupyterlab/services, for its kernel connection: without files, sessions, terminals, settings.
export { ServerConnection } from "@jupyterlab/services/lib/serverconnection";
export { CommsOverSubshells } from "@jupyterlab/services/lib/kernel/comm";
