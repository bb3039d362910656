import { describe, expect, it } from "vitest";
import { errorOf, parse, steps } from "./test-documents.ts";

describe("what cannot be read is refused with its line", () => {
  it.each<[string, string, string | RegExp, string | null, number | null]>([
    ["an empty document", "", /^The document is empty\./, null, null],
    ["a text", "hello", /^The document must be a mapping/, null, 1],
    ["no pipelines", "agents: []", '"pipelines" is missing.', "pipelines", 1],
    ["a syntax error", "pipelines:\n  - name: [a\n    steps: b", /^This is not valid YAML here: /, null, 3],
    ["two documents", "pipelines: []\n---\npipelines: []", /multiple documents/, null, 2],
    ["a tag", "pipelines:\n  - !!js/function x", /Unresolved tag/, null, 2],
    ["a key that comes twice", "pipelines: []\npipelines: []", 'The key "pipelines" is there twice.', null, 2],
    ["a key that is a list", "? [a]\n: b", "A key must be a plain word.", null, 1],
    ["a null character", 'pipelines:\n  - name: "a\\0"', /cannot be stored/, null, 2],
    ["half a surrogate pair", 'pipelines:\n  - name: "a\\uD800"', /cannot be stored/, null, 2],
    ["a number that is none", steps("- { type: generate, config: { a: .nan } }"), "A number must be finite.", null, 4],
    ["an alias without an anchor", "pipelines: *a", /Unresolved alias/, null, null],
    ["an alias that holds itself", "pipelines: &a [*a]", /aliases cannot be resolved/, null, null],
    ["deep nesting", `pipelines: ${"[".repeat(5_000)}`, /nested too deeply/, null, 1],
    ["nesting a little too deep", `pipelines:\n ${"[".repeat(101)}${"]".repeat(101)}`, /nested too deeply/, null, 2],
    [
      "nesting through aliases",
      `a: &a ${"[".repeat(60)}1${"]".repeat(60)}\npipelines: ${"[".repeat(60)}*a${"]".repeat(60)}`,
      /nested too deeply/,
      null,
      null,
    ],
  ])("%s", (_what, text, message, path, line) => {
    const error = errorOf(text);
    expect(error).toEqual({
      message: typeof message === "string" ? message : expect.stringMatching(message),
      path,
      line,
    });
  });

  it("refuses a document that is too large, and aliases that multiply", () => {
    expect(errorOf(`pipelines: [] # ${"x".repeat(1_000_000)}`).message).toMatch(/larger than 1 MB/);
    expect(errorOf(`pipelines: [] # ${"x".repeat(128_000)}`, { source: "api" }).message).toMatch(/larger than 128 kB/);
    expect(parse(`pipelines: [] # ${"x".repeat(128_000)}`)).toEqual([]);
    const bomb = ["a: &a [1,1,1,1,1,1,1,1,1,1]"];
    for (const [from, to] of ["ab", "bc", "cd", "de", "ef"]) bomb.push(`${to}: &${to} [${`*${from},`.repeat(10)}]`);
    expect(errorOf(`${bomb.join("\n")}\npipelines: *f`).message).toMatch(/aliases cannot be resolved.*alias count/);
    expect(errorOf(`a: &a ${"x".repeat(900_000)}\npipelines: [${"*a,".repeat(9)}]`).message).toMatch(
      /larger than 4 MB/,
    );
  });

  it("reads a document of very many keys without comparing each with all", () => {
    // With the YAML library's own check this takes minutes, and runs into the test's time limit.
    const keys = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`);
    expect(errorOf(`pipelines: []\n${keys.join("\n")}`).path).toBe("k0");
  });
});
