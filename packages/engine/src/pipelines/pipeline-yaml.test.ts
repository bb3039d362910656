import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentCatalog } from "./catalogs.ts";
import type { PipelineDefinition } from "./definition.ts";
import { checkPipelines } from "./parse-pipelines.ts";
import { pipelineYaml } from "./pipeline-yaml.ts";
import { examplePipelines } from "./posters.ts";
import { generators, parse, steps } from "./test-documents.ts";

const agents: AgentCatalog = new Map(
  ["writer", "coder"].map((name) => [
    name,
    { name, generator: "opencode", config: { agent: name, systemPromptAdditions: "Be brief." } },
  ]),
);
const api = { source: "api", generators, agents } as const;
const again = (definition: PipelineDefinition) => parse(pipelineYaml(definition), api);

/** Texts that YAML reads as something else where they are not quoted, and any others that can be stored. */
const text = fc.oneof(
  fc.constantFrom(
    "null",
    "~",
    "yes",
    "1e3",
    "0x1F",
    "- a",
    "a: b",
    "# no",
    " x ",
    "|",
    "a\nb\n",
    "\ttab",
    "'",
    '"',
    "é…",
  ),
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
    .filter((each) => !each.includes("\0") && each.trim() !== ""),
);
const setting = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const gate = {
  k: optional(fc.integer({ min: 1, max: 9 })),
  stall_after: optional(fc.integer({ min: 1, max: 366 * 86_400 })),
};
const policy = {
  approvers: optional(fc.constantFrom(["role:approver"], ["ada", "b@example.org"], ["role:owner", "ada"])),
  min_votes: optional(fc.integer({ min: 1, max: 9 })),
  min_confidence: optional(fc.constantFrom(0.5, 0.8, 1)),
  automatic: optional(fc.constantFrom({ votes: 5, elo: 1_100 }, { votes: 3, confidence: 0.95 })),
  max_rounds: optional(fc.integer({ min: 1, max: 9 })),
};
const generating = { ...gate, n: optional(fc.integer({ min: 1, max: 9 })), failure_budget: optional(fc.nat(99)) };
const step = fc.oneof(
  fc.record({
    type: fc.constant("generate"),
    name: text,
    description: optional(text),
    generator: fc.constantFrom("cppn", "grammar"),
    config: optional(fc.dictionary(fc.constantFrom("loci", "form", "words"), fc.oneof(setting, fc.array(setting)))),
    gate: fc.constant("manual"),
    ...generating,
    ...policy,
  }),
  fc.record({
    agent: fc.constantFrom("writer", "coder"),
    name: optional(text),
    description: optional(text),
    gate: optional(fc.constantFrom("auto", "open")),
    ...generating,
  }),
  fc.record({ type: fc.constant("approval"), name: optional(text), description: optional(text), ...gate, ...policy }),
);
const pipeline = fc.record({
  name: text,
  description: optional(text),
  defaults: optional(
    fc.record({ n: optional(fc.integer({ min: 1, max: 9 })), max_jobs: optional(fc.integer({ min: 1, max: 99 })) }),
  ),
  ratings: optional(fc.constantFrom("elo", "bradley-terry")),
  steps: fc
    .array(step, { minLength: 1, maxLength: 5 })
    .filter(([first]) => !("type" in first! && first.type === "approval")),
});

describe("the document of a pipeline", () => {
  it.each(examplePipelines)("of the example $name is that pipeline again", (definition) => {
    expect(again(definition)).toEqual([definition]);
  });

  it("is that pipeline again, whatever is in it", () => {
    fc.assert(
      fc.property(pipeline, (entry) => {
        const { problems } = checkPipelines(JSON.stringify({ pipelines: [entry] }), api);
        // What a name looks like outside of a config may be refused; then there is no pipeline to write.
        fc.pre(problems.length === 0);
        const [definition] = parse(JSON.stringify({ pipelines: [entry] }), api);
        expect(again(definition!)).toEqual([definition]);
      }),
      { seed: 20_261_121, numRuns: 100 },
    );
  });

  it("names steps of approval templates where their names are unique, and places them where not", () => {
    const [definition] = parse(
      `${steps(
        "- { type: generate, name: A, generator: cppn, gate: manual }",
        "- { type: generate, name: B, generator: cppn }",
        "- { type: generate, name: B, generator: cppn }",
      )}
    approval_templates:
      - name: strict
        description: For print.
        steps: [{ step: A, k: 2, quorum: 2 }, { step: 3, min_votes: 4 }]`,
      api,
    );
    expect(again(definition!)).toEqual([definition]);
    expect(pipelineYaml(definition!)).toMatch(/step: A\n[\s\S]*step: 3\n/);
  });

  it("reads like what a person writes", () => {
    const [definition] = parse(
      steps(
        "- { type: generate, name: Draft, generator: grammar, config: { form: tagline }, stall_after: 4h, k: 2 }",
        "- { agent: writer, description: Polish it. }",
        "- { type: approval, approvers: [role:approver] }",
      ),
      api,
    );
    expect(pipelineYaml(definition!)).toBe(`# It uses "writer" of the operator's agents.
pipelines:
  - name: p
    defaults:
      n: 3
      k: 3
    steps:
      - name: Draft
        type: generate
        generator: grammar
        config:
          form: tagline
        k: 2
        stall_after: 4h
      - agent: writer
        description: Polish it.
      - type: approval
        approvers:
          - role:approver
`);
  });

  it("is small enough to be applied, where indentation would make it too large", () => {
    const words = Array.from({ length: 9_000 }, (_, place) => [place]);
    const [definition] = parse(
      JSON.stringify({
        pipelines: [{ name: "p", steps: [{ type: "generate", name: "A", generator: "cppn", config: { words } }] }],
      }),
      api,
    );
    expect(again(definition!)).toEqual([definition]);
  });
});

describe("checking a document", () => {
  const problemsOf = (document: string) =>
    checkPipelines(document, api).problems.map(({ message, line, path }) => [line, path, message]);

  it("tells everything that is wrong with its shape, in the order in which it is read", () => {
    const found = problemsOf(steps("- { type: generate, nme: Form, generator: cppn }", "- { type: approval, k: 0 }"));
    expect(found.map(([line, path]) => [line, path])).toEqual([
      [4, "pipelines[0].steps[0].nme"],
      [5, "pipelines[0].steps[1].k"],
    ]);
  });

  it("then the first name of each pipeline that is not there", () => {
    const one = (name: string, generator: string) =>
      `  - name: ${name}\n    steps:\n      - { type: generate, name: A, generator: ${generator} }`;
    const document = ["pipelines:", one("p", "cpn"), one("q", "cppn"), one("q", "cppn"), one("r", "nobody")].join("\n");
    expect(problemsOf(document)).toEqual([
      [4, "pipelines[0].steps[0].generator", 'There is no generator named "cpn". Did you mean "cppn"?'],
      [8, "pipelines[2].name", 'There are two pipelines named "q". Rename one.'],
      [13, "pipelines[3].steps[0].generator", expect.stringContaining('no generator named "nobody"')],
    ]);
  });

  it("tells what is no YAML, and what belongs to the operator", () => {
    expect(problemsOf("pipelines: [")).toEqual([[1, null, expect.stringContaining("not valid YAML")]]);
    expect(problemsOf("agents: []\npipelines: []")).toEqual([
      [1, "agents", expect.stringContaining("operator's file")],
    ]);
  });

  it("names the pipelines of one that is right", () => {
    expect(checkPipelines(pipelineYaml(examplePipelines[0]!), api)).toEqual({ problems: [], pipelines: ["Posters"] });
  });
});
