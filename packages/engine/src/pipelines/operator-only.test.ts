import { describe, expect, it } from "vitest";
import { errorOf, GENERATE, parse, steps } from "./test-documents.ts";

describe("what comes by the API", () => {
  const api = (text: string) => errorOf(text, { source: "api" });

  it("is pipelines over what exists", () => {
    expect(parse(steps(GENERATE), { source: "api" })).toEqual(parse(steps(GENERATE)));
  });

  it.each(["generators", "agents"])("declares no %s", (section) => {
    expect(api(`pipelines: []\n${section}: []`)).toEqual({
      message: `"${section}" belongs to the operator's file (SLUICE_PIPELINES). Leave it out here, and use what is declared there.`,
      path: section,
      line: 2,
    });
  });

  it.each([
    ["argv: [rm]", "argv"],
    ["nested: [{ baseURL: x }]", "nested[0].baseURL"],
    ["api-key: x", "api-key"],
    ["workflow: { from: 'see HTTPS://example.org' }", "workflow.from"],
    ["image: 'gopher://example.org'", "image"],
    ["image: 's3://bucket/key'", "image"],
    ["image: '//example.org/a.png'", "image"],
    ["image: 'data:image/png;base64,AA'", "image"],
    [`prompt: 'my \${HOME}'`, "prompt"],
  ])("runs nothing and names no address: %s", (config, where) => {
    expect(api(steps(`- { type: generate, name: A, generator: cppn, config: { ${config} } }`))).toEqual({
      message: expect.stringMatching(/belongs? to the operator's file \(SLUICE_PIPELINES\)\.$/),
      path: `pipelines[0].steps[0].config.${where}`,
      line: 4,
    });
  });

  it("may speak of such things in words", () => {
    const [pipeline] = parse(
      steps(
        "- { type: generate, name: A, generator: cppn, description: 'https://example.org', config: { hint: 'data: env, command' } }",
      ),
      { source: "api" },
    );
    expect(pipeline!.steps[0]!.config).toEqual({ hint: "data: env, command" });
  });
});
