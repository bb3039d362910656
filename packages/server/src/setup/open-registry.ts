import { basename, dirname, sep } from "node:path";
import { SetupError } from "@sluice/db";
import type { AgentCatalog, Generator, PipelineDefinition } from "@sluice/engine";
import type { OperatorFileError } from "@sluice/schema";
import type { Logger } from "pino";
import { type Fingerprint, fingerprints } from "./fingerprint.ts";
import { healthChecks } from "./health.ts";
import { keptGenerators } from "./kept-generators.ts";
import { type FileOptions, type LoadedFile, loadFile, located, OperatorsFileError } from "./load-file.ts";
import { checkByName, type Registry } from "./registry.ts";
import { watchFolders } from "./watch-folders.ts";

export interface RegistryOptions extends Omit<FileOptions, "file"> {
  /** Absolute path of the operator's file, where there is one. */
  readonly file: string | undefined;
}

export interface OperatorsRegistry extends Registry {
  /** What the file's pipelines are now. */
  readonly pipelines: () => readonly PipelineDefinition[];
  /** The generators of the file, in its order. */
  readonly declared: () => readonly string[];
  /**
   * Follows the file from now on. A good one takes the place of what is in force, jobs that run finish with what they
   * began with; a generator that it does not change is the same as before. One that is wrong changes nothing, is logged and told by `file`.
   *
   * @param apply stores pipelines; left out in a process that only makes candidates
   */
  follow(options: {
    readonly apply?: ((pipelines: readonly PipelineDefinition[]) => Promise<unknown>) | undefined;
    readonly log: Logger;
  }): AsyncDisposable;
}

/**
 * The built-in generators, and what the operator's file sets up beside them.
 *
 * @throws SetupError naming file, path and line of what is wrong in it
 */
export async function openRegistry({ file, builtin, ...options }: RegistryOptions): Promise<OperatorsRegistry> {
  const look = healthChecks();
  const fingerprint = fingerprints(file ?? "");
  let seen: Fingerprint | undefined;
  let error: OperatorFileError | null = null;
  let loaded: LoadedFile | undefined;
  const keep = keptGenerators(file ?? "");
  if (file) {
    seen = await fingerprint();
    const first = await loadFile({ file, builtin, ...options }).catch((problem: unknown) => {
      if (!(problem instanceof OperatorsFileError)) throw problem;
      throw new SetupError(located(file, problem));
    });
    loaded = { ...first, generators: await keep(first.generators, seen) };
  }
  let generators = all(loaded);

  function all(from: LoadedFile | undefined): ReadonlyMap<string, Generator> {
    const declared = [...(from?.generators.values() ?? [])].map(({ generator }) => generator);
    return new Map([...builtin, ...declared].map((generator) => [generator.name, generator]));
  }

  const registry: OperatorsRegistry = {
    generators: () => generators,
    agents: (): AgentCatalog => loaded?.agents ?? new Map(),
    pipelines: () => loaded?.pipelines ?? [],
    declared: () => [...(loaded?.generators.keys() ?? [])],
    kindOf: (name) => loaded?.generators.get(name)?.kind ?? name,
    async check(name) {
      const hide = loaded?.generators.get(name)?.hide ?? ((text: string) => text);
      const health = await checkByName(registry.generators, name, look);
      return { ...health, detail: hide(health.detail) };
    },
    file() {
      if (!file || !loaded) return null;
      const pipelines = loaded.pipelines.map(({ name }) => name);
      return { path: basename(file), loadedAt: loaded.loadedAt, error, pipelines };
    },
    follow({ apply, log }) {
      void warnOfMissing(registry, log);
      if (!file) return { [Symbol.asyncDispose]: async () => {} };
      const refuse = (problem: OperatorFileError, cause?: unknown): void => {
        const { path, line } = problem;
        // People see it, and the folder is none of their business.
        error = { message: problem.message.replaceAll(`${dirname(file)}${sep}`, ""), path, line };
        log.error({ err: cause, file, path, line }, `${located(file, problem)} What was loaded before stays in force.`);
      };
      const reload = async (found: Fingerprint): Promise<void> => {
        let next: LoadedFile;
        try {
          next = await loadFile({ file, builtin, ...options });
        } catch (problem) {
          seen = found;
          if (problem instanceof OperatorsFileError) return refuse(problem);
          return refuse({ message: "It could not be loaded; the log tells more.", path: null, line: null }, problem);
        }
        try {
          await apply?.(next.pipelines);
        } catch (problem) {
          // Not seen: the next look tries again.
          const message = "Its pipelines could not be stored. This is tried again.";
          // Said once, however long the database is away.
          if (error?.message === message) return;
          return refuse({ message, path: null, line: null }, problem);
        }
        seen = found;
        error = null;
        loaded = { ...next, generators: await keep(next.generators, found) };
        generators = all(loaded);
        log.info(
          { file, pipelines: next.pipelines.length, generators: next.generators.size },
          `${basename(file)} has changed and is in force.`,
        );
        void warnOfMissing(registry, log);
      };
      return watchFolders(async () => {
        const found = await fingerprint();
        if (found.text !== seen?.text) await reload(found);
        return found.folders;
      });
    },
  };
  return registry;
}

/** Looks at all generators, and says in the log what is missing. */
async function warnOfMissing(registry: Registry, log: Logger): Promise<void> {
  await Promise.all(
    [...registry.generators().values()].map(async ({ name }) => {
      const { ok, detail } = await registry.check(name);
      if (!ok)
        log.warn({ generator: name, kind: registry.kindOf(name) }, `The generator "${name}" is not ready. ${detail}`);
    }),
  );
}
