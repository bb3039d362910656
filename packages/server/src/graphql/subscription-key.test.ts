import { parse } from "graphql";
import { expect, it } from "vitest";
import { subscriptionKey } from "./subscription-key.ts";

const key = (text: string, variableValues?: { readonly [name: string]: unknown }, rights = "role OWNER") =>
  subscriptionKey({ document: parse(text), operationName: undefined, variableValues }, rights);

it("is the same for the same document and variables, in whatever order those are", () => {
  expect(key("{ a }", { one: 1, two: { x: [1, { p: 1, q: 2 }], y: null } })).toBe(
    key("{ a }", { two: { y: null, x: [1, { q: 2, p: 1 }] }, one: 1 }),
  );
  expect(key("{ a }")).toBe(key("{ a }", {}));
});

it("differs with the text, the variables, the order of lists, and the rights", () => {
  const keys = [
    key("{ a }"),
    key("{ b }"),
    key("{ a }", { a: [1, 2] }),
    key("{ a }", { a: [2, 1] }),
    key("{ a }", { a: "1" }),
    key("{ a }", { a: 1 }),
    key("{ a }", {}, "actor 7"),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
