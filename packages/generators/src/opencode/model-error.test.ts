import { expect, it } from "vitest";
import { modelFailure } from "./model-error.ts";

it.each([
  [
    "ProviderAuthError",
    { providerID: "openai", message: "No key." },
    false,
    'for the provider "openai" of this model (No key). Run',
  ],
  ["ContextOverflowError", { message: "too long" }, false, "(too long)"],
  ["MessageOutputLengthError", {}, false, "longer than the model may write"],
  ["ContentFilterError", { message: "refused" }, false, "refused to answer this prompt (refused)"],
  ["MessageAbortedError", { message: "Aborted" }, true, "was stopped at OpenCode"],
  ["APIError", { message: "slow down", statusCode: 429, isRetryable: true }, true, "HTTP 429 (slow down)"],
  ["APIError", { message: "no", statusCode: 400, isRetryable: false }, false, "HTTP 400 (no)"],
  ["APIError", { message: "no", statusCode: 403, isRetryable: true }, false, "no valid key"],
  ["UnknownError", { message: "It broke.\n    at run (/chunk.js:1:2)" }, true, "failed with UnknownError (It broke)."],
])("%s %o: retryable %s", (name, data, retryable, sentence) => {
  const usage = { costUsd: 1 };
  const error = modelFailure({ name, data }, usage);
  expect(error).toMatchObject({ retryable, usage, message: expect.stringContaining(sentence) });
  expect(error.message).not.toContain("chunk.js");
});

it("what a provider says is cut to a readable length", () => {
  expect(modelFailure({ name: "APIError", data: { message: "x".repeat(10_000) } }).message.length).toBeLessThan(700);
});
