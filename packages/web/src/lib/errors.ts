import type { GraphQLError } from "graphql";
import type { CombinedError } from "urql";

const UNREACHABLE = "The server could not be reached. Check that it is running and try again.";
const UNEXPECTED = "Something went wrong on the server. Try again; if it happens again, tell the operator.";

type RequestError = Pick<CombinedError, "networkError" | "graphQLErrors">;

/** A failed request in words for a person: what happened and what to do. */
export function wordsForError(error: RequestError): string {
  const messages = error.graphQLErrors.map((each) => each.message).filter((message) => message !== "");
  if (messages.length > 0) return [...new Set(messages)].join(" ");
  if (error.networkError) return UNREACHABLE;
  return UNEXPECTED;
}

/** Codes of what the server could not do, and may do a moment later. */
const TRANSIENT: ReadonlySet<unknown> = new Set(["BUSY", "TIMED_OUT", "INTERNAL_SERVER_ERROR", "TOO_SLOW"]);

/** Whether the same may work later: the server could not be reached, or was not up to it. */
export function isTransient({ networkError, graphQLErrors }: RequestError): boolean {
  return networkError !== undefined || haveTransient(graphQLErrors);
}

/** Whether the server was not up to what was asked. */
export function haveTransient(errors: readonly Pick<GraphQLError, "extensions">[]): boolean {
  return errors.some(({ extensions }) => TRANSIENT.has(extensions?.code));
}

interface TypedResult {
  readonly __typename?: string;
}
export type Refusal<R extends TypedResult, S extends string> = Exclude<R, { __typename: S }>;

/** What is read of urql's result. */
export interface MutationAnswer<D> {
  readonly data?: D | null | undefined;
  readonly error?: CombinedError | undefined;
}

export type Outcome<R extends TypedResult, S extends string> =
  | { readonly ok: true; readonly value: Extract<R, { __typename: S }> }
  | { readonly ok: false; readonly words: string; readonly refusal: Refusal<R, S> | undefined };

function messageOf(value: object): string {
  return "message" in value && typeof value.message === "string" ? value.message : UNEXPECTED;
}

/**
 * Turns a mutation's answer into success or words. `pick` names the mutation's field; `success` the type that
 * means it went through. Typed refusals keep their own sentence, and are handed on for callers that treat one specially.
 */
export function outcomeOf<D, R extends TypedResult, S extends string>(
  result: MutationAnswer<D>,
  pick: (data: D) => R,
  success: S,
): Outcome<R, S> {
  if (result.data === undefined || result.data === null) {
    return { ok: false, words: result.error ? wordsForError(result.error) : UNEXPECTED, refusal: undefined };
  }
  const value = pick(result.data);
  if (value.__typename === success) return { ok: true, value: value as Extract<R, { __typename: S }> };
  return { ok: false, words: messageOf(value), refusal: value as Refusal<R, S> };
}
