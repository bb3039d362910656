import { GeneratorError, type GeneratorHealth, type Json } from "@sluice/engine";
import type { NodeInfo } from "./answers.ts";
import type { ComfyClient } from "./client.ts";
import type { LoadedWorkflow } from "./load-workflow.ts";
import { placeholdersIn } from "./slots.ts";
import { nodeInWords } from "./workflow.ts";

export interface CheckDeps {
  readonly name: string;
  readonly client: ComfyClient;
  readonly workflows: ReadonlyMap<string, LoadedWorkflow>;
}

const MOST_NAMED = 5;

/** Whether ComfyUI is there, and has the nodes and the files that the workflows name. Never throws. */
export async function checkComfy(
  { name, client, workflows }: CheckDeps,
  signal: AbortSignal,
): Promise<GeneratorHealth> {
  try {
    const { text: version, device } = await client.version(signal);
    const problems = await findMissing(client, [...workflows.values()], signal);
    const found = `ComfyUI ${version ?? "of an unknown version"}${device === undefined ? "" : ` on ${device}`}`;
    if (problems.length === 0) return { ok: true, detail: `${found} has everything that is needed.`, version };
    const more = problems.length - MOST_NAMED;
    const named = problems.slice(0, MOST_NAMED).join(" ") + (more > 0 ? ` And ${more} more.` : "");
    return { ok: false, detail: `${found} lacks something. ${named}`, version };
  } catch (error) {
    if (error instanceof GeneratorError) return { ok: false, detail: error.message };
    return { ok: false, detail: `ComfyUI ("${name}") could not be looked at: ${String(error)}` };
  }
}

async function findMissing(
  client: ComfyClient,
  workflows: readonly LoadedWorkflow[],
  signal: AbortSignal,
): Promise<string[]> {
  const known = new Map<string, NodeInfo | undefined>();
  const problems: string[] = [];
  for (const workflow of workflows) {
    for (const [id, node] of Object.entries(workflow.nodes)) {
      const type = node.class_type;
      if (!known.has(type)) {
        const info = await client.nodeInfo(type, signal);
        known.set(type, info);
        if (!info) problems.push(`There is no node ${type}, which "${workflow.name}" needs: install the custom node.`);
      }
      for (const [input, value] of Object.entries(node.inputs as Record<string, Json>)) {
        const choices = choicesOf(known.get(type), input);
        if (typeof value !== "string" || !choices || choices.includes(value) || isFilled(workflow, id, input, value)) {
          continue;
        }
        problems.push(
          `Input "${input}" of ${nodeInWords(workflow.nodes, id)} in "${workflow.name}" is "${value}", which it does not have${choices.length === 0 ? "" : `; it has ${choices.slice(0, MOST_NAMED).join(", ")}${choices.length > MOST_NAMED ? ", …" : ""}`}.`,
        );
      }
    }
  }
  return problems;
}

/** The values that an input may have, where it has a list of them: `[[…]]` from older nodes, `["COMBO", { options }]` from newer. */
function choicesOf(info: NodeInfo | undefined, input: string): readonly string[] | undefined {
  const spec = info?.input?.required?.[input] ?? info?.input?.optional?.[input];
  const list = Array.isArray(spec?.[0]) ? spec[0] : optionsOf(spec?.[1]);
  return list?.every((one) => typeof one === "string") ? list : undefined;
}

function optionsOf(details: unknown): unknown[] | undefined {
  if (typeof details !== "object" || details === null || !("options" in details)) return undefined;
  return Array.isArray(details.options) ? details.options : undefined;
}

function isFilled({ bindings }: LoadedWorkflow, node: string, input: string, value: string): boolean {
  if (placeholdersIn(value).length > 0) return true;
  return [...bindings.values()].flat().some((target) => target.node === node && target.input === input);
}
