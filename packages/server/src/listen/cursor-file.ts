import { open, readFile, rename } from "node:fs/promises";
import { SetupError } from "@sluice/db";
import { parseAlertCursor } from "@sluice/engine";

/** Keeps how far a listener has come, so that it goes on there however it ended. */
export interface CursorFile {
  /** Null where there is no such file yet. */
  read(): Promise<string | null>;
  /** On disk when it resolves, and never half of it. */
  write(cursor: string): Promise<void>;
}

/** Both throw a SetupError that names the file. */
export function cursorFile(path: string): CursorFile {
  const mend = "Delete it to begin with the alerts that are open now.";
  return {
    async read() {
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw new SetupError(`The state in ${path} cannot be read: ${error.message}`);
      });
      if (text === null) return null;
      try {
        parseAlertCursor(text.trim());
        return text.trim();
      } catch {
        throw new SetupError(`${path} holds no cursor of alerts. ${mend}`);
      }
    },
    async write(cursor) {
      const next = `${path}.next`;
      try {
        await using file = await open(next, "w", 0o600);
        await file.writeFile(`${cursor}\n`);
        await file.sync();
        await rename(next, path);
      } catch (error) {
        throw new SetupError(`The state in ${path} cannot be written: ${(error as Error).message}`);
      }
    },
  };
}
