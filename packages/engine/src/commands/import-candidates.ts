import { assertMay } from "../access.ts";
import type { Actor } from "../actor.ts";
import { advanceRun } from "../advance/advance-run.ts";
import { passOpenGate } from "../advance/pass-open-gate.ts";
import { loadSteps, type StepState } from "../advance/step-state.ts";
import { importRecord } from "../audit/change-record.ts";
import { findRunId } from "../db/find-run.ts";
import { type RunTransaction, withRun } from "../db/run-transaction.ts";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError, StepClosedError } from "../errors.ts";
import type { GeneratorCatalog } from "../pipelines/catalogs.ts";
import { assertActive, stepOf } from "./decision-checks.ts";
import { type CandidateToImport, checkCandidates, MAX_IMPORTED } from "./import-input.ts";

export interface ImportCandidatesInput {
  readonly runStepId: number;
  /** 1 to 100; all of them come in, or none. */
  readonly candidates: readonly CandidateToImport[];
}

/**
 * Adds candidates that were made elsewhere to a step that is not decided. They come beside those that the step makes,
 * take nobody's slot, and are ranked, voted on and chosen like them. In a run's first step they have no parent; in a later
 * one each has one: a candidate that came through the gate before it. Where it is known what the step makes, each is
 * that: a text or a picture.
 *
 * @returns their ids, in the order of the input
 * @throws NotFoundError, ForbiddenError, RunNotActiveError; StepClosedError when the step is decided or makes no candidates;
 *   InvalidInputError, which names the candidate
 */
export async function importCandidates(
  deps: EngineDeps & { readonly generators?: GeneratorCatalog },
  actor: Actor,
  input: ImportCandidatesInput,
): Promise<{ runId: number; runStepId: number; candidateIds: readonly number[]; eventSeq: number }> {
  assertMay(actor, "OPERATE");
  checkCandidates(input.candidates);
  const runId = await findRunId(deps, "step", input.runStepId);
  return await withRun(deps, runId, actor, async (tx) => {
    assertActive(tx.run);
    const steps = await loadSteps(tx);
    const step = stepOf(steps, input.runStepId);
    assertTakesCandidates(step);
    await assertRoom(tx, step, input.candidates.length);
    await assertParents(tx, steps, step, input.candidates);
    await assertAssets(tx, input.candidates);
    await assertMedia(tx, step, deps.generators, input.candidates);
    const candidateIds = await insertCandidates(tx, actor, step, input.candidates);
    // What is asked of the step grows by what came: it is as complete as before.
    await tx.query(
      `UPDATE pipeline_run_steps SET ranking_version = ranking_version + $2, expected_candidates = expected_candidates + $2
       WHERE id = $1`,
      [step.id, candidateIds.length],
    );
    for (const candidateId of candidateIds) {
      tx.emit("candidate_created", { runStepId: step.id, candidateId, jobId: null });
    }
    const imported = candidateIds.map((id, index) => ({ id, source: sourceOf(input.candidates[index]) }));
    tx.audit(importRecord(actor, step, imported));
    if (step.gate === "OPEN") await passOpenGate(tx, step.id, candidateIds);
    await advanceRun(tx);
    return { runId, runStepId: step.id, candidateIds, eventSeq: tx.run.eventSeq };
  });
}

function assertTakesCandidates(step: StepState): void {
  if (step.kind === "APPROVAL") {
    throw new StepClosedError(
      `Step ${step.position} (${step.name}) has no candidates of its own: import into the step before it.`,
    );
  }
  if (step.frozen || (step.approved && step.gate === "MANUAL")) {
    throw new StepClosedError(`Step ${step.position} is decided: what advances through it is fixed.`);
  }
}

/** More are more than people compare, and every vote rates all of them. */
async function assertRoom(tx: RunTransaction, step: StepState, more: number): Promise<void> {
  const { imported } = await tx.one<{ imported: number }>(
    `SELECT count(*)::int AS imported FROM candidates
     WHERE pipeline_run_step_id = $1 AND round = $2 AND imported_by_id IS NOT NULL`,
    [step.id, step.round],
  );
  if (imported + more <= MAX_IMPORTED) return;
  const room = Math.max(0, MAX_IMPORTED - imported);
  const todo = room === 0 ? "Import into another run." : `Import ${room} at most, or into another run.`;
  throw new InvalidInputError(
    `Step ${step.position} has ${imported} imported candidates, and may have ${MAX_IMPORTED}. ${todo}`,
    "candidates",
  );
}

/** G2: whatever has a parent came through the gate before it. */
async function assertParents(
  tx: RunTransaction,
  steps: readonly StepState[],
  step: StepState,
  candidates: readonly CandidateToImport[],
): Promise<void> {
  const before = steps[step.position - 2];
  const fail = (index: number, message: string): never => {
    throw new InvalidInputError(`Candidate ${index + 1} ${message}`, `candidates.${index}.parentId`);
  };
  if (!before?.sourceId) {
    const index = candidates.findIndex(({ parentId }) => parentId != null);
    if (index >= 0) fail(index, `has a parent, but step ${step.position} is the run's first: leave the parent out.`);
    return;
  }
  const parents = await tx.many<{ id: number }>(
    `SELECT id FROM candidates
     WHERE pipeline_run_step_id = $1 AND status = 'ACTIVE' AND advancement = 'ADVANCING' AND id = ANY($2)`,
    [before.sourceId, candidates.flatMap(({ parentId }) => (parentId == null ? [] : [parentId]))],
  );
  // Of an APPROVAL step, what comes to it advances before it is decided.
  const closed = before.kind === "APPROVAL" && !before.frozen;
  const known = new Set(closed ? [] : parents.map(({ id }) => id));
  for (const [index, { parentId }] of candidates.entries()) {
    if (parentId == null) {
      fail(index, `needs a parent: step ${step.position} is made from what advanced through step ${before.position}.`);
    } else if (!known.has(parentId)) {
      fail(index, `has a parent that did not advance through step ${before.position} of this run.`);
    }
  }
}

/** Locks them: until this is committed nobody deletes them as unused. */
async function assertAssets(tx: RunTransaction, candidates: readonly CandidateToImport[]): Promise<void> {
  const wanted = candidates.flatMap(({ assets }) => assets ?? []);
  if (wanted.length === 0) return;
  const found = await tx.many<{ sha256: string }>(
    `SELECT sha256 FROM assets WHERE sha256 = ANY($1) ORDER BY sha256 FOR KEY SHARE`,
    [wanted],
  );
  const known = new Set(found.map(({ sha256 }) => sha256));
  for (const [index, { assets }] of candidates.entries()) {
    const missing = assets?.find((sha256) => !known.has(sha256));
    if (missing === undefined) continue;
    throw new InvalidInputError(
      `Candidate ${index + 1} has an asset that is not there: ${missing}. Upload its bytes to /assets first.`,
      `candidates.${index}.assets`,
    );
  }
}

const MISSING = {
  image: { field: "assets", made: "pictures", message: "has no picture: give it one." },
  text: { field: "text", made: "texts", message: "has no text: give it one." },
} as const;

/** Nobody can compare a text with pictures, and no generator makes a picture's children of a text. */
async function assertMedia(
  tx: RunTransaction,
  step: StepState,
  generators: GeneratorCatalog | undefined,
  candidates: readonly CandidateToImport[],
): Promise<void> {
  const { generator } = await tx.one<{ generator: string | null }>(
    `SELECT s.generator FROM pipeline_run_steps rs JOIN pipeline_steps s ON s.id = rs.pipeline_step_id WHERE rs.id = $1`,
    [step.id],
  );
  const media = generator === null ? undefined : generators?.get(generator)?.media;
  if (media === undefined) return;
  const index = candidates.findIndex(({ text, assets }) => (media === "image" ? !assets?.length : !text?.trim()));
  if (index < 0) return;
  const { field, made, message } = MISSING[media];
  throw new InvalidInputError(
    `Step ${step.position} (${step.name}) makes ${made}, and candidate ${index + 1} ${message}`,
    `candidates.${index}.${field}`,
  );
}

function sourceOf(candidate: CandidateToImport | undefined): string | null {
  return candidate?.source?.trim() || null;
}

/** In two statements, with their assets, however many they are: others wait for the run meanwhile. Gives their ids in the order of the input. */
async function insertCandidates(
  tx: RunTransaction,
  actor: Actor,
  step: StepState,
  candidates: readonly CandidateToImport[],
): Promise<number[]> {
  const rows = await tx.many<{ id: number }>(INSERT_SQL, [
    tx.run.id,
    step.id,
    step.round,
    actor.id,
    candidates.map(({ parentId }) => parentId ?? null),
    candidates.map(({ text }) => (text?.trim() ? text : null)),
    candidates.map(({ meta }) => JSON.stringify(meta ?? {})),
    candidates.map(sourceOf),
  ]);
  const ids = rows.map(({ id }) => id).sort((a, b) => a - b);
  const files = candidates.flatMap(({ assets }, index) =>
    (assets ?? []).map((sha256, position) => ({ candidateId: ids[index], position, sha256 })),
  );
  await tx.query(
    `INSERT INTO candidate_assets (candidate_id, position, sha256) SELECT * FROM unnest($1::int[], $2::int[], $3::text[])`,
    [
      files.map(({ candidateId }) => candidateId),
      files.map(({ position }) => position),
      files.map(({ sha256 }) => sha256),
    ],
  );
  return ids;
}

/** Their places are taken for good: nothing that is made later gets one of them, nor its seed. */
const INSERT_SQL = `
  WITH given AS (
    SELECT place, parent_id, text, meta, source, row_number() OVER (PARTITION BY parent_id ORDER BY place) AS nth
    FROM unnest($5::int[], $6::text[], $7::text[], $8::text[]) WITH ORDINALITY AS given(parent_id, text, meta, source, place)
  ), owner AS (
    SELECT parent_id, count(*)::int AS children FROM given GROUP BY parent_id
  ), of_step AS (
    UPDATE pipeline_run_steps rs SET next_ordinal = rs.next_ordinal + owner.children FROM owner
    WHERE owner.parent_id IS NULL AND rs.id = $2 RETURNING NULL::int AS parent_id, rs.next_ordinal - owner.children AS first
  ), of_parents AS (
    UPDATE candidates c SET next_ordinal = c.next_ordinal + owner.children FROM owner
    WHERE c.id = owner.parent_id RETURNING c.id AS parent_id, c.next_ordinal - owner.children AS first
  )
  INSERT INTO candidates (pipeline_run_id, pipeline_run_step_id, round, parent_id, ordinal, text, meta, imported_by_id, source)
  SELECT $1, $2, $3, given.parent_id, place_of.first + given.nth - 1, given.text, given.meta::jsonb, $4, given.source
  FROM given JOIN (TABLE of_step UNION ALL TABLE of_parents) place_of ON place_of.parent_id IS NOT DISTINCT FROM given.parent_id
  ORDER BY given.place
  RETURNING id`;
