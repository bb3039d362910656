import type { Workflow } from "./workflow.ts";

export interface Progressed {
  /** 0 to 1, of the whole workflow. It never goes back. */
  readonly share: number;
  readonly message: string;
}

/**
 * How much of a workflow is done, from the events about its nodes. A node with steps weighs as much as it has steps,
 * and any other as one of them.
 *
 * @returns takes an event; answers how far the job is, where the event says so
 */
export function progressShare(
  workflow: Workflow,
): (event: string, data: Readonly<Record<string, unknown>>) => Progressed | undefined {
  const weights = new Map(
    Object.entries(workflow).map(([id, { inputs }]) => [
      id,
      typeof inputs.steps === "number" ? Math.max(1, inputs.steps) : 1,
    ]),
  );
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const done = new Set<string>();
  let current: string | undefined;
  let part = { value: 0, max: 0 };
  let furthest = 0;

  const finish = (id: string | undefined): void => {
    if (id !== undefined && weights.has(id)) done.add(id);
  };
  const begin = (id: string | undefined): void => {
    if (id === current) return;
    finish(current);
    current = id;
    part = { value: 0, max: 0 };
  };
  const take = (event: string, data: Readonly<Record<string, unknown>>): boolean => {
    switch (event) {
      case "execution_start":
        return true;
      case "execution_cached":
        for (const id of listOf(data.nodes)) finish(String(id));
        return true;
      case "executing":
        begin(textOf(data.node));
        return true;
      case "progress":
        if (textOf(data.node) !== undefined) begin(textOf(data.node));
        part = partOf(data);
        return true;
      case "executed":
        finish(textOf(data.node));
        return true;
      case "progress_state":
        for (const [id, node] of Object.entries(recordOf(data.nodes))) {
          const { state, ...numbers } = recordOf(node);
          if (state === "finished") finish(id);
          if (state !== "running" || !weights.has(id)) continue;
          begin(id);
          part = partOf(numbers);
        }
        return true;
      default:
        return false;
    }
  };
  return (event, data) => {
    if (!take(event, data)) return undefined;
    let sum = 0;
    for (const id of done) sum += weights.get(id)!;
    if (current !== undefined && !done.has(current) && part.max > 0) {
      sum += (weights.get(current) ?? 0) * Math.min(1, part.value / part.max);
    }
    // The picture is still to be fetched.
    furthest = Math.max(furthest, Math.min(0.99, sum / total));
    const node = current === undefined ? undefined : workflow[current];
    const name = node?._meta?.title ?? node?.class_type ?? "ComfyUI works";
    return { share: furthest, message: part.max > 1 ? `${name} ${part.value}/${part.max}` : name };
  };
}

function partOf({ value, max }: Readonly<Record<string, unknown>>): { value: number; max: number } {
  return typeof value === "number" && typeof max === "number" ? { value, max } : { value: 0, max: 0 };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
