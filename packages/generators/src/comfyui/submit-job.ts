import { type GenerateContext, GeneratorError } from "@sluice/engine";
import type { ComfyClient } from "./client.ts";
import { ComfyUnreachable } from "./http.ts";
import type { LoadedWorkflow } from "./load-workflow.ts";
import { nodeErrorWords } from "./prompt-errors.ts";
import type { Workflow } from "./workflow.ts";

export interface JobToSubmit {
  readonly loaded: LoadedWorkflow;
  /** Filled for this job. */
  readonly workflow: Workflow;
  readonly clientId: string;
  /** The job's, where the server takes an id of ours. */
  readonly ownId: string | undefined;
}

/**
 * Gives a job to ComfyUI, and keeps its id before anybody waits for it: before it is sent where the server takes an id
 * of ours, so that a crash in between loses nothing; else right after.
 *
 * @returns the id, and warnings
 * @throws GeneratorError when the workflow is refused, as a whole or where the picture comes from
 */
export async function submitJob(
  { client, context }: { readonly client: ComfyClient; readonly context: GenerateContext },
  { loaded, workflow, clientId, ownId }: JobToSubmit,
): Promise<{ readonly id: string; readonly warnings: string[] }> {
  if (ownId !== undefined) await context.saveExternalId(ownId);
  context.signal.throwIfAborted();
  // Not aborted half-way: whoever cancels the job has to know whether there is one.
  const unstoppable = new AbortController().signal;
  try {
    const { id, nodeErrors } = await client.submit({ workflow, clientId, id: ownId }, unstoppable);
    try {
      if (id !== ownId) await context.saveExternalId(id);
      return { id, warnings: partWarnings(loaded, workflow, nodeErrors) };
    } catch (error) {
      // Nobody waits for it.
      await client.cancel(id, unstoppable).catch(() => {});
      throw error;
    }
  } catch (error) {
    // Whether it arrived, the queue tells: the id is known.
    if (ownId !== undefined && error instanceof ComfyUnreachable && error.mayHaveArrived) {
      context.log(`The answer to the job was lost: ${error.message}`);
      return { id: ownId, warnings: [] };
    }
    throw error;
  }
}

/**
 * ComfyUI takes a workflow of which not everything can be made, and leaves out the rest.
 *
 * @throws GeneratorError unless the picture that is meant is certainly not among the rest
 */
function partWarnings(
  { output }: LoadedWorkflow,
  workflow: Workflow,
  errors: Parameters<typeof nodeErrorWords>[1],
): string[] {
  const words = nodeErrorWords(workflow, errors);
  if (words.length === 0) return [];
  const leftOut = Object.values(errors).flatMap(({ dependent_outputs = [] }) => dependent_outputs);
  if (output !== null && !leftOut.includes(output)) {
    return [`ComfyUI leaves out a part of the workflow. ${words.join(" ")}`];
  }
  throw new GeneratorError(`ComfyUI can make only a part of the workflow. ${words.join(" ")}`, { retryable: false });
}
