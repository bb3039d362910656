import type { Json } from "@sluice/engine";
import type { LoadedWorkflow } from "./load-workflow.ts";
import { fillText, placeholdersIn, type SlotValue } from "./slots.ts";
import { isLink, type Workflow, type WorkflowNode } from "./workflow.ts";

/**
 * The workflow of one job: its placeholders and bound inputs filled. The parsed tree is walked, links between nodes are
 * left alone, and class names and titles too.
 *
 * @param valueFor of a slot; nothing where a bound input is to keep what the file says
 * @param prefix that files are saved under, so that no two jobs are the same to ComfyUI, which would answer the second
 *   from its cache, without a picture
 */
export function fillWorkflow(
  { nodes, bindings }: LoadedWorkflow,
  valueFor: (slot: string) => SlotValue | undefined,
  prefix: string,
): Workflow {
  const valueOrNothing = (slot: string): SlotValue => valueFor(slot) ?? "";
  const fill = (value: Json): Json => {
    if (typeof value === "string") return fillText(value, valueOrNothing);
    if (value === null || typeof value !== "object" || isLink(nodes, value)) return value;
    if (Array.isArray(value)) return value.map(fill);
    return mapValues(value as { readonly [key: string]: Json }, fill);
  };
  const filled: Record<string, WorkflowNode & { inputs: Record<string, Json> }> = {};
  for (const [id, node] of Object.entries(nodes)) {
    const inputs = mapValues(node.inputs as Record<string, Json>, fill);
    if (isPlainPrefix(node.inputs.filename_prefix)) inputs.filename_prefix = prefix;
    filled[id] = { ...node, inputs } as WorkflowNode & { inputs: Record<string, Json> };
  }
  for (const [slot, targets] of bindings) {
    const value = valueFor(slot);
    if (value === undefined) continue;
    for (const { node, input } of targets) filled[node]!.inputs[input] = value;
  }
  return filled;
}

/** Whoever has put a slot into it has made it different for each job already. */
function isPlainPrefix(value: unknown): boolean {
  return typeof value === "string" && placeholdersIn(value).length === 0;
}

function mapValues(record: { readonly [key: string]: Json }, change: (value: Json) => Json): Record<string, Json> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
