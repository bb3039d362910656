import type { GenerateRequest, Json } from "@sluice/engine";

/** What a prompt is made of, in the words of the people who gave it; what nobody gave is null or empty. */
export interface PromptParts {
  readonly brief: string;
  readonly variables: readonly { readonly name: string; readonly value: string }[];
  readonly step: string | null;
  readonly parentText: string | null;
  readonly notes: readonly string[];
  readonly feedback: readonly { readonly round: number; readonly comment: string }[];
  /** From 2: the first child of a parent is asked for without a word about others. */
  readonly variant: number | null;
}

export function promptParts({ run, step, parent, notes, feedback, ordinal }: GenerateRequest): PromptParts {
  return {
    brief: run.prompt.trim(),
    variables: variablesOf(run.variables),
    step: given(step.description) ?? given(configText(step.config, "description")),
    parentText: given(parent?.text),
    notes: notes.map((note) => note.trim()).filter((note) => note !== ""),
    feedback: feedback
      .map(({ round, comment }) => ({ round, comment: comment.trim() }))
      .filter(({ comment }) => comment !== ""),
    variant: ordinal > 1 ? ordinal : null,
  };
}

/** A text of a step's settings; null where it is missing, empty or something else. */
export function configText(config: Json, key: string): string | null {
  if (config === null || typeof config !== "object" || Array.isArray(config)) return null;
  const value = (config as { readonly [key: string]: Json })[key];
  return typeof value === "string" ? given(value) : null;
}

function variablesOf(variables: Json): PromptParts["variables"] {
  if (variables === null || typeof variables !== "object" || Array.isArray(variables)) return [];
  return Object.entries(variables).map(([name, value]) => ({
    name,
    value: typeof value === "string" ? value : JSON.stringify(value),
  }));
}

function given(text: string | null | undefined): string | null {
  const trimmed = text?.trim();
  return trimmed ? trimmed : null;
}
