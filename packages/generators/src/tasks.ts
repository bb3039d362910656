import { breed, type Order } from "./cppn/breed.ts";
import type { Genome } from "./cppn/genome.ts";
import { encodePng } from "./cppn/png.ts";
import { renderGenome } from "./cppn/render.ts";
import { type TextGenome, type WriteOrder, write } from "./grammar/write.ts";

/** What a thread can be asked for. */
export type Task =
  | { readonly kind: "cppn"; readonly order: Order; readonly size: number; readonly supersample: number }
  | { readonly kind: "grammar"; readonly order: WriteOrder };

export type TaskResult =
  | { readonly kind: "cppn"; readonly png: Uint8Array; readonly genome: Genome }
  | { readonly kind: "grammar"; readonly text: string; readonly genome: TextGenome };

/** The work itself: pure, so that it is the same on a thread and in a test. */
export function perform(task: Task, onProgress: (share: number) => void): TaskResult {
  if (task.kind === "grammar") {
    const { text, genome } = write(task.order);
    return { kind: "grammar", text, genome };
  }
  const genome = breed(task.order);
  onProgress(0.1);
  const picture = renderGenome(genome, {
    size: task.size,
    supersample: task.supersample,
    onProgress: (share) => onProgress(0.1 + 0.75 * share),
  });
  const png = encodePng(picture, { Software: "Sluice cppn", "sluice:genome": JSON.stringify(genome) });
  return { kind: "cppn", png, genome };
}
