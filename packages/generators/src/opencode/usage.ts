import type { Usage } from "@sluice/engine";
import type { Message, Session, Tokens } from "./payloads.ts";

/** What a session used, with those that its agent began for parts of the work. */
export function usageOf(messages: readonly Message[], children: readonly Session[]): Usage {
  const answers = messages.map(({ info }) => info).filter(({ role }) => role === "assistant");
  const last = answers.findLast(({ modelID }) => modelID);
  const all = [...answers, ...children];
  return {
    model: last ? `${last.providerID}/${last.modelID}` : undefined,
    costUsd: sum(all.map(({ cost }) => cost ?? 0)),
    inputTokens: sum(all.map(({ tokens }) => inputOf(tokens))),
    outputTokens: sum(all.map(({ tokens }) => (tokens ? tokens.output + tokens.reasoning : 0))),
  };
}

/** OpenCode counts apart what the provider had kept of earlier prompts. */
function inputOf(tokens: Tokens | null | undefined): number {
  return tokens ? tokens.input + tokens.cache.read + tokens.cache.write : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
