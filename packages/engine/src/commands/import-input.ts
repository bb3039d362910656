// What `importCandidates` checks of its input before it looks at the run: no command of its own.

import { InvalidInputError } from "../errors.ts";
import type { Json } from "../jobs/generator.ts";
import { isTooMuchMeta, MAX_ASSETS, MAX_TEXT_LENGTH } from "../rules/candidate-content.ts";
import { assertStorable } from "../rules/storable.ts";

/** Something that was made elsewhere. */
export interface CandidateToImport {
  readonly text?: string | null | undefined;
  /** Lower-case hex of what is in the asset store; the main one first. */
  readonly assets?: readonly string[] | null | undefined;
  /** An advancing candidate of the step before; null in a run's first step, which has no parents. */
  readonly parentId?: number | null | undefined;
  /** Where it was made, for people to read. */
  readonly source?: string | null | undefined;
  /** An object that is given to the generator of its children, at most 256 kB as JSON. */
  readonly meta?: Json | undefined;
}

/** At once. */
export const MAX_IMPORT = 100;
/** In one round of a step, in all. */
export const MAX_IMPORTED = 1_000;
const MAX_SOURCE = 500;

/** @throws InvalidInputError that names the candidate, such as `candidates.0.text` */
export function checkCandidates(candidates: readonly CandidateToImport[]): void {
  if (candidates.length === 0) throw new InvalidInputError("Name at least one candidate to import.", "candidates");
  if (candidates.length > MAX_IMPORT) {
    throw new InvalidInputError(
      `${candidates.length} candidates are too many: import at most ${MAX_IMPORT} at once.`,
      "candidates",
    );
  }
  for (const [index, candidate] of candidates.entries()) checkCandidate(candidate, index);
}

function checkCandidate({ text, assets, source, meta }: CandidateToImport, index: number): void {
  const title = `Candidate ${index + 1}`;
  const fail = (field: string, message: string): never => {
    throw new InvalidInputError(`${title} ${message}`, `candidates.${index}.${field}`);
  };
  const said = text?.trim() ? text : null;
  const files = assets ?? [];
  if (said === null && files.length === 0) fail("text", "has neither a text nor an asset: give it one.");
  if (said !== null && said.length > MAX_TEXT_LENGTH)
    fail("text", `has a text of more than ${MAX_TEXT_LENGTH} characters.`);
  if (files.length > MAX_ASSETS) fail("assets", `has ${files.length} assets; at most ${MAX_ASSETS} are kept.`);
  const odd = files.find((sha256) => !/^[0-9a-f]{64}$/.test(sha256));
  if (odd !== undefined) {
    fail(
      "assets",
      `has an asset "${odd.slice(0, 80)}", which is no SHA-256: upload its bytes to /assets, which answers with it.`,
    );
  }
  if (source && source.length > MAX_SOURCE) fail("source", `has a source of more than ${MAX_SOURCE} characters.`);
  const kept = meta ?? {};
  if (typeof kept !== "object" || Array.isArray(kept)) fail("meta", "has a `meta` that is no object.");
  for (const [field, value] of Object.entries({ text, source, meta })) {
    assertStorable(value, `${title}, its ${field}`, `candidates.${index}.${field}`);
  }
  if (isTooMuchMeta(kept)) fail("meta", "keeps more than 256 kB as its `meta`.");
}
