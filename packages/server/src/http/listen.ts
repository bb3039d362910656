import { createServer, type Server } from "node:http";
import { SetupError } from "@sluice/db";

/** @throws SetupError with what to do when the address cannot be had */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(wordsFor(error, port, host)));
    server.listen(port, host, resolve);
  });
  server.removeAllListeners("error");
}

/**
 * Says early that the address cannot be had, before anything is made for a server that could not listen.
 *
 * @throws as `listen` does
 */
export async function checkAddress(port: number, host: string): Promise<void> {
  const probe = createServer();
  await listen(probe, port, host);
  await new Promise<void>((resolve) => probe.close(() => resolve()));
}

function wordsFor(error: NodeJS.ErrnoException, port: number, host: string): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new SetupError(
        `Port ${port} on ${host} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`,
      );
    case "EACCES":
      return new SetupError(`Sluice may not use port ${port}. Choose one from 1024 on: PORT=4000 npm start`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new SetupError(
        `HOST=${host} is no address of this machine. Use 127.0.0.1 for this machine alone, or 0.0.0.0 for all.`,
      );
    default:
      return error;
  }
}
