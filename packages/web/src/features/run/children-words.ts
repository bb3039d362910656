import type { StepKind } from "../../gql/generated/graphql.ts";

interface Step {
  readonly kind: StepKind;
  readonly maxChildren: number;
}

/** Whether steps that make candidates make different numbers of them per parent: agent steps and steps with an N of their own. */
export function childrenDiffer(steps: readonly Step[]): boolean {
  return new Set(numbers(steps)).size > 1;
}

/** N of a run: "N = 3", or "N = 1 to 5" where its steps have their own. `N` is the run's, for one without such steps. */
export function childrenInWords(steps: readonly Step[], N: number): { words: string; explained: string } {
  const all = numbers(steps);
  if (childrenDiffer(steps)) {
    return {
      words: `N = ${Math.min(...all)} to ${Math.max(...all)}`,
      explained: "N: how many children each parent gets, as each step says.",
    };
  }
  const only = all[0] ?? N;
  return {
    words: `N = ${only}`,
    explained: `N: each parent gets ${only === 1 ? "one child" : `up to ${only} children`}.`,
  };
}

function numbers(steps: readonly Step[]): number[] {
  return steps.filter(({ kind }) => kind !== "APPROVAL").map(({ maxChildren }) => maxChildren);
}
