import { chownSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SetupError } from "../setup-error.ts";

/**
 * What Sluice remembers about its cluster, in `<dataDir>/postgres.json` (mode 0600: it holds the password). `elsewhere`
 * is the folder above the cluster when that is not the data folder, which may thus be moved; `url` is what `psql` and
 * worker processes connect to, and empty until the first start has come to its end.
 */
export type PostgresState = { password: string; port: number; url: string; elsewhere?: string };

const file = (dataDir: string) => join(dataDir, "postgres.json");

export function readState(dataDir: string): PostgresState | undefined {
  const path = file(dataDir);
  if (!existsSync(path)) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new SetupError(
      `${path} cannot be read by this user. Start as the user who started Sluice here first (or as root), ` +
        "or set SLUICE_DATA_DIR to a folder of your own.",
    );
  }
  try {
    const state: PostgresState = JSON.parse(text);
    if (typeof state.password === "string" && typeof state.url === "string" && state.port >= 0) return state;
  } catch {
    // Falls through to the sentence below.
  }
  throw new SetupError(`${path} is damaged. Restore it from a backup: it holds the password of the cluster beside it.`);
}

/** Written whole or not at all, and owned by whoever owns the folder, so that root may start a user's Sluice once. */
export function writeState(dataDir: string, state: PostgresState): void {
  const path = file(dataDir);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  if (process.getuid?.() === 0) {
    const { uid, gid } = statSync(dirname(path));
    chownSync(draft, uid, gid);
  }
  renameSync(draft, path);
}
