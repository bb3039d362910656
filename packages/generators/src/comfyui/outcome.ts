import type { HistoryEntry } from "./answers.ts";
import { nodeInWords, type Workflow } from "./workflow.ts";

/** How a job ended. */
export type Outcome =
  | { readonly kind: "made"; readonly outputs: HistoryEntry["outputs"] }
  /** Somebody stopped it at ComfyUI. */
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly message: string; readonly outOfMemory: boolean };

/** A job that failed and one that was interrupted have the same status: the last message of its kind tells them apart. */
export function outcomeOf(workflow: Workflow, { status, outputs }: HistoryEntry): Outcome {
  if (status?.status_str !== "error") return { kind: "made", outputs };
  const last = status.messages.findLast(([event]) => event === "execution_error" || event === "execution_interrupted");
  if (last?.[0] === "execution_interrupted") return { kind: "interrupted" };
  const error = last?.[1] ?? {};
  const what = `${error.exception_type ?? ""} ${error.exception_message ?? ""}`;
  return {
    kind: "failed",
    message: failureWords(workflow, error),
    outOfMemory: /out ?of ?memory|allocation on device/i.test(what),
  };
}

/** From the data of an `execution_error`. */
function failureWords(workflow: Workflow, error: Readonly<Record<string, unknown>>): string {
  const id = typeof error.node_id === "string" ? error.node_id : undefined;
  const where =
    id === undefined
      ? "a node"
      : id in workflow
        ? nodeInWords(workflow, id)
        : `node ${id} (${String(error.node_type ?? "unknown")})`;
  const why = typeof error.exception_message === "string" ? error.exception_message.trim() : "";
  const cut = why.length > 1_000 ? `${why.slice(0, 1_000)}…` : why;
  return `ComfyUI failed at ${where}: ${cut || "it does not say why; its own log does."}`;
}
