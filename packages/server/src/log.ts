import { type Logger, pino, stdSerializers } from "pino";
import type { Settings } from "./env.ts";

/** JSON lines on standard error, so that what Sluice says to people stays readable on standard output. */
export function createLogger(level: Settings["logLevel"]): Logger {
  return pino({ level, serializers: { err: serializeError } }, pino.destination({ dest: 2, sync: true }));
}

/** An error of `pg` carries its whole client along, which is many kilobytes and tells nothing. */
function serializeError(error: Error): object {
  const { client: _client, ...told } = stdSerializers.err(error) as unknown as Record<string, unknown>;
  return told;
}
