import { rangeOf } from "./edit-document.ts";

export interface Problem {
  readonly message: string;
  /** From 1. */
  readonly line: number | null;
  /** Such as `pipelines[0].steps[2].generator`. */
  readonly path: string | null;
}

export interface LocatedProblem extends Problem {
  /** The characters that it is about. */
  readonly from: number;
  readonly to: number;
}

/** Finds the characters that a problem is about: what stands at its path, else its line without the spaces around it. */
export function locate(text: string, problem: Problem): LocatedProblem {
  const line = lineRange(text, problem.line ?? 1);
  const place = problem.path === null ? undefined : rangeOf(text, placeOf(problem.path));
  // A mapping that runs over many lines would underline them all.
  if (!place || text.slice(place[0], place[1]).includes("\n") || place[0] < line[0] || place[0] > line[1]) {
    return { ...problem, from: line[0], to: line[1] };
  }
  return { ...problem, from: place[0], to: place[1] };
}

/** `pipelines[0].name` → `["pipelines", 0, "name"]`. */
function placeOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? "") : Number(index),
  );
}

function lineRange(text: string, line: number): readonly [number, number] {
  const lines = text.split("\n");
  const index = Math.min(Math.max(line, 1), lines.length) - 1;
  const start = lines.slice(0, index).reduce((sum, each) => sum + each.length + 1, 0);
  const words = lines[index] ?? "";
  const lead = words.length - words.trimStart().length;
  return [start + lead, start + Math.max(words.trimEnd().length, lead)];
}
