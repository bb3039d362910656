import { copyFileSync, statSync, truncateSync } from "node:fs";

const limit = 10 * 1024 * 1024;

/**
 * PostgreSQL writes its log for as long as it runs, and every refused statement is a line. Past 10 MB the file is moved
 * to `<file>.1` and begun anew: at most twice that is kept. The file is open for appending, so emptying it in place works.
 */
export function keepLogShort(file: string, bytes = limit): Disposable {
  const shorten = () => {
    try {
      if (statSync(file).size < bytes) return;
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
    } catch {
      // No log yet, or a full disk: a log is no reason to fail.
    }
  };
  shorten();
  const timer = setInterval(shorten, 60_000).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
