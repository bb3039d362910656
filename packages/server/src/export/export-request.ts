import { type Actor, may, type Queryable, whyNot } from "@sluice/engine";
import { databaseId } from "@sluice/schema";
import type { Context } from "hono";

// What the exports have in common: who may have them, and how they are asked for.

export type ExportContext = Context<{ Variables: { actor: Actor } }>;

/** Why an export is refused, for whoever asked. */
export class ExportRefusal extends Error {
  readonly status: 400 | 403 | 404;
  constructor(status: 400 | 403 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

const CODES = { 400: "BAD_INPUT", 403: "FORBIDDEN", 404: "NOT_FOUND" } as const;

/** Answers with what `answer` gives, or in JSON why that is refused. */
export async function exporting<C extends ExportContext>(
  context: C,
  answer: (context: C) => Promise<Response>,
): Promise<Response> {
  context.header("Cache-Control", "no-store");
  const actor = context.get("actor");
  try {
    if (!may(actor, "VIEW")) throw new ExportRefusal(403, whyNot(actor, "VIEW"));
    return await answer(context);
  } catch (error) {
    if (!(error instanceof ExportRefusal)) throw error;
    const { message, status } = error;
    return context.json({ errors: [{ message, extensions: { code: CODES[status] } }] }, status);
  }
}

/**
 * Whoever means one run must not be given all of them for a slip of the pen.
 *
 * @throws ExportRefusal for a parameter that is not among the known ones, or is there twice
 */
export function assertParameters(context: Context, known: readonly string[]): void {
  const parameters = context.req.queries();
  const unknown = Object.keys(parameters).find((name) => !known.includes(name) || parameters[name]?.length !== 1);
  if (unknown === undefined) return;
  const choices = known.map((name) => `?${name}=`).join(", ");
  throw new ExportRefusal(400, `There is no parameter “${unknown}”. Only ${choices} chooses, once.`);
}

/** @throws ExportRefusal for anything but `true` and `false` */
export function flagOf(context: Context, name: string): boolean {
  const text = context.req.query(name) ?? "false";
  if (text !== "true" && text !== "false") throw new ExportRefusal(400, `?${name}= is true or false.`);
  return text === "true";
}

/**
 * @param text a run's number, or its id of the API
 * @throws ExportRefusal where it names no run
 */
export function runIdOf(text: string): number {
  const id = numberOrId("Run", text);
  if (id === 0) throw new ExportRefusal(400, "Name the run by its number, such as 12, or by its id.");
  return id;
}

/**
 * @param text a candidate's number, or its id of the API
 * @returns 0 where it names none
 */
export function candidateIdOf(text: string): number {
  return numberOrId("Candidate", text);
}

function numberOrId(typename: string, text: string): number {
  if (!/^\d+$/.test(text)) return databaseId(typename, text);
  const number = Number(text);
  return number <= 2_147_483_647 ? number : 0;
}

/**
 * @param text a step's position in the run, or its id of the API
 * @returns the database id of the run's step
 * @throws ExportRefusal where the run has no such step
 */
export async function runStepIdOf(db: Queryable, runId: number, text: string): Promise<number> {
  const position = /^\d{1,9}$/.test(text) ? Number(text) : null;
  const step = await db.maybe<{ id: number }>(
    `SELECT id FROM pipeline_run_steps WHERE pipeline_run_id = $1 AND CASE WHEN $2::int IS NULL THEN id = $3 ELSE position = $2 END`,
    [runId, position, position === null ? databaseId("RunStep", text) : 0],
  );
  if (!step) {
    throw new ExportRefusal(404, `Run #${runId} has no such step. Name it by its position, such as 2, or by its id.`);
  }
  return step.id;
}
