import { SetupError } from "../setup-error.ts";

/** What initdb, the server and Node print when there is no room; PostgreSQL's wording depends on which write failed. */
const signs = /No space left on device|ENOSPC|Check free disk space/i;

/** The sentence for a full disk if `said` is about one. */
export function diskFull(said: string, folder: string): SetupError | undefined {
  if (!signs.test(said)) return undefined;
  return new SetupError(
    `The disk that holds ${folder} is full, so the database cannot start; nothing is lost. Make room (a new database ` +
      "takes about 40 MB) and start again, or begin on another disk with SLUICE_DATA_DIR.",
  );
}
