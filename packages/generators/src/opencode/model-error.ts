import { GeneratorError, type Usage } from "@sluice/engine";
import type { ModelError } from "./payloads.ts";

const LONGEST_MESSAGE = 500;

/** What went wrong between OpenCode and the model, which OpenCode tells with a message or an event, not by a status. */
export function modelFailure({ name, data }: ModelError, usage?: Usage): GeneratorError {
  const failed = (message: string, retryable: boolean) => new GeneratorError(message, { retryable, usage });
  const said = firstLine(data.message);
  switch (name) {
    case "ProviderAuthError":
      return noCredentials(data.providerID, said, failed);
    case "ContextOverflowError":
      return failed(
        `The prompt, with what the agent has read, is longer than the model takes${said}. Shorten it, or use a model with a larger context.`,
        false,
      );
    case "MessageOutputLengthError":
      return failed(
        "The answer is longer than the model may write. Ask for less, or raise its output limit in OpenCode.",
        false,
      );
    case "ContentFilterError":
      return failed(`The model's provider refused to answer this prompt${said}.`, false);
    case "MessageAbortedError":
      return failed("The session was stopped at OpenCode, by somebody or because the server ended.", true);
    case "APIError":
      if (data.statusCode === 401 || data.statusCode === 403) return noCredentials(data.providerID, said, failed);
      return failed(
        `The model's provider answered OpenCode with ${data.statusCode ? `HTTP ${data.statusCode}` : "an error"}${said}.`,
        data.isRetryable ?? false,
      );
    default:
      return failed(`OpenCode failed with ${name}${said}.`, true);
  }
}

function noCredentials(
  provider: string | undefined,
  said: string,
  failed: (message: string, retryable: boolean) => GeneratorError,
): GeneratorError {
  return failed(
    `OpenCode has no valid key for the provider${provider ? ` "${provider}"` : ""} of this model${said}. Run \`opencode auth login\` on its machine, or set the key in its configuration.`,
    false,
  );
}

/** In brackets; what follows a first line is where in OpenCode's code it happened. */
function firstLine(message: string | undefined): string {
  const line = message?.trim().split("\n", 1)[0]?.replace(/\.$/, "");
  if (!line) return "";
  return ` (${line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line})`;
}
