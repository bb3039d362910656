import { type Logger, pino } from "pino";
import type { Settings } from "./env.ts";

/** JSON lines on standard error, so that what Sluice says to people stays readable on standard output. */
export function createLogger(level: Settings["logLevel"]): Logger {
  return pino({ level }, pino.destination({ dest: 2, sync: true }));
}
