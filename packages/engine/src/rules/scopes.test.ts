import { expect, it } from "vitest";
import { scopesOf } from "./scopes.ts";

it.each([
  [null, null],
  ['{"sluice":["VOTE","VIEW"]}', ["VIEW", "VOTE"]],
  ['{"sluice":["VIEW","FLY"]}', ["VIEW"]],
  ['{"sluice":"VIEW"}', []],
  ["{}", []],
  ["null", []],
  ["VIEW", []],
])("the scopes of %j are %j", (permissions, scopes) => {
  expect(scopesOf(permissions)).toEqual(scopes);
});
