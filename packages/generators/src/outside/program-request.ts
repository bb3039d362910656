import type { GenerateRequest } from "@sluice/engine";
import { composePrompt } from "../prompt/compose-prompt.ts";

/** Where a program finds the parent's picture; which of these there is depends on the kind. */
export interface ParentAsset {
  readonly mediaType: string;
  /** A file. */
  readonly path?: string;
  /** At the API, for whoever may read there. */
  readonly url?: string;
  readonly base64?: string;
}

/**
 * What a program is told as JSON: the same names as in the API's LeasedJob. `prompt` is all of it in words, for
 * programs that pass it to a model as it is.
 */
export function programRequest(request: GenerateRequest, parentAsset: ParentAsset | null) {
  const { jobId, run, step, ordinal, attempt, seed, parent, notes, feedback } = request;
  return {
    jobId,
    run,
    step,
    ordinal,
    attempt,
    seed,
    parent: parent && { id: parent.id, text: parent.text, meta: parent.meta, asset: parentAsset },
    notes,
    feedback,
    prompt: promptInWords(request),
  };
}

/** The whole request as one text. */
export function promptInWords(request: GenerateRequest): string {
  const { system, prompt } = composePrompt(request);
  return system === null ? prompt : `${system}\n\n${prompt}`;
}
