import type { Json } from "@sluice/engine";
import { z } from "zod";

const node = z.looseObject({
  class_type: z.string(),
  inputs: z.record(z.string(), z.json()).default({}),
  _meta: z.looseObject({ title: z.string().optional() }).optional(),
});

export type WorkflowNode = z.infer<typeof node>;

/** A workflow in the format that ComfyUI's API takes: nodes by their id. */
export type Workflow = Readonly<Record<string, WorkflowNode>>;

const EXPORT_IT =
  'Open it in ComfyUI and choose "Workflow → Export (API)" (in older ones: "Save (API Format)", once dev mode is enabled in the settings).';

/**
 * @returns the workflow, or why it is none, in sentences
 */
export function parseWorkflow(text: string): { workflow: Workflow } | { problem: string } {
  let document: unknown;
  try {
    // Some editors on Windows begin a file with a mark of its encoding.
    document = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // Without the parser's words, which quote the file: one that was named by mistake may hold secrets.
    return { problem: `is no JSON. ${EXPORT_IT}` };
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    return { problem: `is no workflow: its top level has to be a mapping of nodes. ${EXPORT_IT}` };
  }
  if ("nodes" in document && Array.isArray(document.nodes)) {
    return { problem: `is a workflow as ComfyUI's editor keeps it, which its API does not take. ${EXPORT_IT}` };
  }
  const nodes: Record<string, WorkflowNode> = {};
  for (const [id, entry] of Object.entries(document)) {
    const parsed = node.safeParse(entry);
    if (!parsed.success) {
      return {
        problem: `is no workflow for ComfyUI's API: "${id}" is no node with a class_type and inputs. ${EXPORT_IT}`,
      };
    }
    nodes[id] = parsed.data;
  }
  if (Object.keys(nodes).length === 0) return { problem: "has no nodes." };
  return { workflow: nodes };
}

/** Ids in the order in which people read them: numbers first, by size, as JSON has them. */
export function nodeIds(workflow: Workflow): string[] {
  return Object.keys(workflow);
}

/** A node as sentences name it, such as `node 3 "Sampler" (KSampler)`. */
export function nodeInWords(workflow: Workflow, id: string): string {
  const found = workflow[id];
  if (!found) return `node ${id}`;
  const title = found._meta?.title;
  return title && title !== found.class_type
    ? `node ${id} "${title}" (${found.class_type})`
    : `node ${id} (${found.class_type})`;
}

/** Whether an input is fed by another node: `[node, output]`. */
export function isLink(workflow: Workflow, value: Json | undefined): value is readonly [string, number] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === "string" &&
    typeof value[1] === "number" &&
    value[0] in workflow
  );
}
