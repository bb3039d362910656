import { expect, it } from "vitest";
import { errorAt, errorElsewhere, problemOf } from "./problem.ts";

it("takes the field from a refusal that names one, whatever leads to it", () => {
  expect(problemOf({ words: "No.", refusal: { field: "input.email" } })).toEqual({ words: "No.", field: "email" });
  expect(problemOf({ words: "No.", refusal: { field: null } })).toEqual({ words: "No.", field: undefined });
  expect(problemOf({ words: "No.", refusal: undefined })).toEqual({ words: "No.", field: undefined });
});

it("shows every problem in exactly one place", () => {
  for (const field of ["email", "elsewhere", undefined]) {
    const problem = { words: "No.", field };
    const shown = [errorAt(problem, "email"), errorAt(problem, "name"), errorElsewhere(problem, ["email", "name"])];
    expect(shown.filter((words) => words !== undefined)).toEqual(["No."]);
  }
  expect(errorElsewhere(undefined, ["email"])).toBeUndefined();
});
