import { expect, it } from "vitest";
import { errorAt, errorElsewhere, problemOf } from "./problem.ts";

it.each([
  [{ field: "email" }, "email"],
  [{ field: "input.email" }, "email"],
  [{ field: "input.variables.season" }, "variables"],
  // Not the form's own field of that name.
  [{ field: "variables.name" }, "variables"],
  [{ field: null }, undefined],
  [undefined, undefined],
])("takes the field from a refusal that names one: %j is about %s", (refusal, field) => {
  expect(problemOf({ words: "No.", refusal })).toEqual({ words: "No.", field });
});

it("shows every problem in exactly one place", () => {
  for (const field of ["email", "elsewhere", undefined]) {
    const problem = { words: "No.", field };
    const shown = [errorAt(problem, "email"), errorAt(problem, "name"), errorElsewhere(problem, ["email", "name"])];
    expect(shown.filter((words) => words !== undefined)).toEqual(["No."]);
  }
  expect(errorElsewhere(undefined, ["email"])).toBeUndefined();
});
