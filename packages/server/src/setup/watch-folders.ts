import { type FSWatcher, watch } from "node:fs";

/** Editors write a file in several steps: it is looked at once nothing happens for so long. */
const QUIET_MS = 150;
/** Where the system tells nothing of changes, as with folders of other machines, looking now and then finds them. */
const POLL_MS = 5_000;

/**
 * Looks whenever something happens in folders, and now and then without. One look at a time.
 *
 * @param look returns the folders to watch from then on; it must not throw
 */
export function watchFolders(look: () => Promise<readonly string[]>): AsyncDisposable {
  const watchers = new Map<string, FSWatcher>();
  let looking: Promise<void> | undefined;
  let again = false;
  let quiet: NodeJS.Timeout | undefined;
  let ended = false;

  const follow = (folders: readonly string[]): void => {
    for (const [folder, watcher] of watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      try {
        // A folder and not the file: editors put a new file in the place of the old one.
        const watcher = watch(folder, { persistent: false }, hint);
        watcher.on("error", () => {
          watcher.close();
          watchers.delete(folder);
        });
        watchers.set(folder, watcher);
      } catch {
        // It is not there, or the system watches no more: the next look finds what changes.
      }
    }
  };
  const run = (): void => {
    if (ended) return;
    if (looking) {
      again = true;
      return;
    }
    looking = look()
      .then((folders) => {
        if (!ended) follow(folders);
      })
      .finally(() => {
        looking = undefined;
        if (again) {
          again = false;
          run();
        }
      });
  };
  function hint(): void {
    clearTimeout(quiet);
    quiet = setTimeout(run, QUIET_MS).unref();
  }
  const poll = setInterval(run, POLL_MS).unref();
  run();

  return {
    async [Symbol.asyncDispose]() {
      ended = true;
      clearTimeout(quiet);
      clearInterval(poll);
      for (const watcher of watchers.values()) watcher.close();
      await looking;
    },
  };
}
