import { GraphQLError } from "graphql";
import { CombinedError } from "urql";
import { describe, expect, it } from "vitest";
import { isTransient, outcomeOf, wordsForError } from "./errors.ts";

type Answer =
  | { readonly __typename: "AbortRunSuccess"; readonly cursor: string }
  | { readonly __typename: "ForbiddenError"; readonly message: string };

const pick = (data: { abortRun: Answer }) => data.abortRun;

describe("wordsForError", () => {
  it("says what to do when the server cannot be reached", () => {
    const error = new CombinedError({ networkError: new TypeError("Failed to fetch") });
    expect(wordsForError(error)).toBe("The server could not be reached. Check that it is running and try again.");
  });

  it("passes on the server's own sentence, once", () => {
    const error = new CombinedError({ graphQLErrors: [new GraphQLError("Too many."), new GraphQLError("Too many.")] });
    expect(wordsForError(error)).toBe("Too many.");
  });

  it("never answers with an empty string", () => {
    expect(wordsForError(new CombinedError({ graphQLErrors: [new GraphQLError("")] }))).toMatch(/went wrong/);
  });
});

describe("isTransient", () => {
  const withCode = (code: string) =>
    new CombinedError({ graphQLErrors: [new GraphQLError("It failed.", { extensions: { code } })] });

  it.each(["BUSY", "TIMED_OUT", "INTERNAL_SERVER_ERROR"])("is what the server was not up to: %s", (code) => {
    expect(isTransient(withCode(code))).toBe(true);
  });

  it("is a server that cannot be reached", () => {
    expect(isTransient(new CombinedError({ networkError: new TypeError("Failed to fetch") }))).toBe(true);
  });

  it.each(["FORBIDDEN", "BAD_INPUT", "NOT_FOUND"])("is no refusal: %s", (code) => {
    expect(isTransient(withCode(code))).toBe(false);
  });
});

describe("outcomeOf", () => {
  it("hands out the success", () => {
    const outcome = outcomeOf(
      { data: { abortRun: { __typename: "AbortRunSuccess", cursor: "7" } }, error: undefined },
      pick,
      "AbortRunSuccess",
    );
    expect(outcome).toEqual({ ok: true, value: { __typename: "AbortRunSuccess", cursor: "7" } });
  });

  it("keeps the sentence and the type of a refusal", () => {
    const refusal = { __typename: "ForbiddenError", message: "Only an approver may do this." } as const;
    const outcome = outcomeOf({ data: { abortRun: refusal }, error: undefined }, pick, "AbortRunSuccess");
    expect(outcome).toEqual({ ok: false, words: "Only an approver may do this.", refusal });
  });

  it("says in words that there was no answer at all", () => {
    const error = new CombinedError({ networkError: new TypeError("Failed to fetch") });
    const outcome = outcomeOf({ data: undefined, error }, pick, "AbortRunSuccess");
    expect(outcome).toMatchObject({
      ok: false,
      refusal: undefined,
      words: expect.stringMatching(/could not be reached/),
    });
  });
});
