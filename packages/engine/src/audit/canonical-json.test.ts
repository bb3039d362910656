import { expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

it("gives the same text whatever order the keys were set in", () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: { z: "ä\n", y: 0.1 } })).toBe(
    '{"a":{"y":0.1,"z":"ä\\n"},"b":[{"c":null,"d":1}]}',
  );
  expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
});

it("keeps the order of lists, dates as their text, and keys that objects have a meaning for", () => {
  expect(canonicalJson([3, 1, 2])).toBe("[3,1,2]");
  expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  expect(canonicalJson(JSON.parse('{"__proto__":{"b":1,"a":2}}'))).toBe('{"__proto__":{"a":2,"b":1}}');
});

it("leaves out what is undefined", () => {
  expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
});
