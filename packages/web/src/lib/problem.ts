/** Why something was refused, for a form: the words, and the field they belong beside. */
export interface Problem {
  readonly words: string;
  /** The field of the API's input that it is in, such as "email"; undefined where it is about no single field. */
  readonly field: string | undefined;
}

interface Refused {
  readonly words: string;
  /** The typed refusal; `InvalidInputError` names its field. */
  readonly refusal: object | undefined;
}

export function problemOf({ words, refusal }: Refused): Problem {
  const path = refusal && "field" in refusal && typeof refusal.field === "string" ? refusal.field : undefined;
  return { words, field: path?.replace(/^input\./, "").split(".")[0] };
}

/** The words for one field, as Mantine's inputs take them. */
export function errorAt(problem: Problem | undefined, field: string): string | undefined {
  return problem?.field === field ? problem.words : undefined;
}

/** The words that none of a form's fields can show. */
export function errorElsewhere(problem: Problem | undefined, fields: readonly string[]): string | undefined {
  return problem !== undefined && !fields.includes(problem.field ?? "") ? problem.words : undefined;
}
