import { writeFileSync } from "node:fs";

/**
 * Reporter of vitest: writes down the files in which something failed, one a line, where `SLUICE_FAILED_FILES` says. It
 * writes nothing where an error was nobody's, since no file could show that it is gone.
 */
export default class FailedFiles {
  onTestRunEnd(modules, unhandledErrors) {
    const list = process.env.SLUICE_FAILED_FILES;
    if (!list || unhandledErrors.length > 0) return;
    const failed = modules.filter((module) => !module.ok()).map(({ relativeModuleId }) => relativeModuleId);
    writeFileSync(list, failed.join("\n"));
  }
}
