import { type Generated, GeneratorError, type Usage } from "@sluice/engine";
import type { Answer } from "./await-answer.ts";
import { describeChanges, keptChanges } from "./changes.ts";
import type { Chosen } from "./choose-agent.ts";
import { isAnswer } from "./live-text.ts";
import { modelFailure } from "./model-error.ts";
import type { FileDiff, Message } from "./payloads.ts";

/**
 * The candidate that an agent's session has come to.
 *
 * @throws GeneratorError for a session that ended with an error, or with nothing
 */
export function readAnswer(
  sessionId: string,
  chosen: Pick<Chosen, "agent">,
  { messages, refused }: Answer,
  files: readonly FileDiff[],
  usage: Usage,
): Generated {
  const last = messages.findLast(({ info }) => info.role === "assistant");
  if (!last) throw nothing("The agent wrote nothing.", refused, usage);
  if (last.info.error) throw modelFailure(last.info.error, usage);
  // Its last message calls tools: somebody, or a question, ended the session before it could go on.
  if (last.info.finish === "tool-calls") throw nothing("The agent stopped before it was done.", refused, usage);
  const text = textOf(last) || describeChanges(files);
  if (text === "") throw nothing("The agent wrote nothing.", refused, usage);
  const { diff, warning } = keptChanges(files);
  const warnings = [...refused];
  if (last.info.finish === "length") warnings.push("The model stopped at its output limit: the text is cut off.");
  if (warning) warnings.push(warning);
  return {
    assets: [],
    text,
    meta: { generator: "opencode", sessionId, agent: chosen.agent, model: usage.model ?? null, diff },
    usage,
    warnings,
  };
}

/** Another attempt may go better: what models do differs from one time to the next. */
function nothing(sentence: string, refused: readonly string[], usage: Usage): GeneratorError {
  return new GeneratorError([sentence, ...refused].join(" "), { retryable: true, usage });
}

function textOf({ parts }: Message): string {
  return parts
    .filter(isAnswer)
    .map(({ text }) => text ?? "")
    .filter((text) => text !== "")
    .join("\n\n")
    .trim();
}
