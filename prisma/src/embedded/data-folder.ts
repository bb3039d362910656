import { accessSync, chmodSync, constants, existsSync, mkdirSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { SetupError } from "../setup-error.ts";
import { diskFull } from "./disk-full.ts";

/** Makes the data folder if need be, checks that it can be used, and gives its real path. */
export function openDataFolder(path: string): string {
  const folder = resolve(path);
  try {
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true });
      // PostgreSQL's own user has to pass through; what is secret in here has its own mode.
      chmodSync(folder, 0o755);
    }
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(folder);
  } catch (error) {
    const { message } = error as Error;
    throw (
      diskFull(message, folder) ??
      new SetupError(
        `The data folder ${folder} cannot be written (${message}). ` +
          "Set SLUICE_DATA_DIR to a folder that this user may write.",
      )
    );
  }
}
