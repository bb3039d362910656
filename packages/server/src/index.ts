export { fixedRegistry } from "./setup/registry.ts";
export { startServer } from "./start-server.ts";
