// A stand-in for the index of @jupyterlab/services: the kernel connection needs only these, not files, sessions or terminals.
export { ServerConnection } from "@jupyterlab/services/lib/serverconnection";
export { CommsOverSubshells } from "@jupyterlab/services/lib/kernel/comm";
