import type { NodeErrors, Refused } from "./answers.ts";
import { nodeInWords, type Workflow } from "./workflow.ts";

const MOST_NAMED = 5;
const MAX_LENGTH = 400;

/** Why ComfyUI refused a workflow, in sentences that name nodes and inputs. */
export function promptErrorWords(workflow: Workflow, { error, node_errors }: Refused): string {
  const nodes = nodeErrorWords(workflow, node_errors);
  if (nodes.length > 0) return `ComfyUI refuses the workflow: ${nodes.join(" ")}`;
  const hint =
    error.type === "missing_node_type"
      ? " Install the custom node there, for instance with the ComfyUI Manager, and start ComfyUI again."
      : error.type === "prompt_no_outputs"
        ? " Give it a node that saves a picture, such as SaveImage."
        : "";
  return `ComfyUI refuses the workflow: ${sentence([error.message, error.details].filter(Boolean).join(" "))}${hint}`;
}

/** One sentence per input that is wrong; of many, the first. */
export function nodeErrorWords(workflow: Workflow, errors: NodeErrors): string[] {
  const sentences = Object.entries(errors).flatMap(([id, { errors: found = [], class_type }]) => {
    const node = id in workflow ? nodeInWords(workflow, id) : `node ${id} (${class_type ?? "unknown"})`;
    return found.map(({ type, message, details, extra_info }) => {
      const input = extra_info?.input_name;
      const where = input === undefined ? node : `input "${input}" of ${node}`;
      const what = [message, details].filter(Boolean).join(": ");
      return `${capital(where)}: ${sentence(what || type || "not valid")}${hintFor(type, input)}`;
    });
  });
  const more = sentences.length - MOST_NAMED;
  return more > 0 ? [...sentences.slice(0, MOST_NAMED), `And ${more} more.`] : sentences;
}

function hintFor(type: string | undefined, input: string | undefined): string {
  if (type !== "value_not_in_list") return "";
  const isFile = input !== undefined && /(_name|image|model|lora|ckpt|vae)$/.test(input);
  return isFile ? " The file is not there: put it where ComfyUI looks for it, or name another in the workflow." : "";
}

function sentence(words: string): string {
  const line = words.replace(/\s+/g, " ").trim();
  const cut = line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
  return /[.!?…]$/.test(cut) ? cut : `${cut}.`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
