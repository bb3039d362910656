import { describe, expect, it } from "vitest";
import { parseVariables } from "./variables.ts";

describe("parseVariables", () => {
  it("takes an empty field as no variables", () => {
    expect(parseVariables("  \n")).toEqual({ ok: true, value: undefined });
  });

  it("reads one object", () => {
    expect(parseVariables('{ "season": "autumn" }')).toEqual({ ok: true, value: { season: "autumn" } });
  });

  it.each(["[1]", "3", "null", '"text"'])("refuses %s in words", (text) => {
    expect(parseVariables(text)).toMatchObject({
      ok: false,
      words: expect.stringMatching(/^Variables are one object/),
    });
  });

  it("says where broken JSON breaks", () => {
    expect(parseVariables('{\n  "a": 1,\n  b: 2\n}')).toMatchObject({
      ok: false,
      words: expect.stringMatching(/^This is not valid JSON \(line 3, column 3\)/),
    });
  });
});
