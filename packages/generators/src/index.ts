import { availableParallelism } from "node:os";
import type { Generator } from "@sluice/engine";
import { cppnGenerator } from "./cppn/generator.ts";
import { grammarGenerator } from "./grammar/generator.ts";
import type { Task, TaskResult } from "./tasks.ts";
import { createWorkerPool } from "./worker-pool.ts";

export type { Genome } from "./cppn/genome.ts";
export { parseGenome } from "./cppn/genome.ts";
export { encodePng } from "./cppn/png.ts";
export { type Picture, type RenderOptions, renderGenome } from "./cppn/render.ts";
export { operatorKinds } from "./kinds.ts";

export interface BuiltinGenerators extends AsyncDisposable {
  /** `cppn` (images) and `grammar` (texts). */
  readonly generators: Generator[];
}

/**
 * The generators that need no model and no network. They work on threads of their own, which start with the first
 * candidate and end with the disposal.
 *
 * @param options.threads how many candidates are made at once; default one less than the machine's cores, at least 1
 */
export function builtinGenerators(options: { threads?: number } = {}): BuiltinGenerators {
  const pool = createWorkerPool<Task, TaskResult>({
    entry: new URL("./thread.ts", import.meta.url),
    size: options.threads ?? Math.max(1, availableParallelism() - 1),
  });
  return {
    generators: [cppnGenerator({ pool }), grammarGenerator({ pool })],
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
