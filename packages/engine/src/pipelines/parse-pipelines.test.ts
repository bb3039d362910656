import { describe, expect, it } from "vitest";
import { parseDocument } from "./parse-pipelines.ts";
import { errorOf, GENERATE, generators, parse, steps, withoutOpencode } from "./test-documents.ts";

describe("pipelines.yaml", () => {
  it("reads everything a pipeline may say", () => {
    const text = `
pipelines:
  - name: " posters "
    description: Abstract posters
    defaults: { n: 4, k: 2, max_jobs: 40, max_cost: 2.5 }
    ratings: elo
    steps:
      - name: Form
        type: generate
        generator: cppn
        config: { loci: form, deep: { list: [1, two, null] } }
        description: Finds forms
      - { name: Colour, type: generate, generator: cppn, gate: auto, n: 2, k: 1, stall_after: 4h, failure_budget: 0 }
      - { type: approval, name: Look, description: An editor looks, k: 1, stall_after: 30m, remind_after_hours: 4 }
`;
    expect(parse(text)).toEqual([
      {
        name: "posters",
        description: "Abstract posters",
        defaultN: 4,
        defaultK: 2,
        ratingModel: "ELO",
        maxJobs: 40,
        maxCostUsd: 2.5,
        approvalTemplates: [],
        steps: [
          {
            name: "Form",
            kind: "GENERATE",
            description: "Finds forms",
            generator: "cppn",
            config: { loci: "form", deep: { list: [1, "two", null] } },
            gate: null,
            maxChildren: null,
            topK: null,
            stallAfterSeconds: 86_400,
            failureBudget: 12,
            policy: {},
          },
          {
            name: "Colour",
            kind: "GENERATE",
            description: null,
            generator: "cppn",
            config: {},
            gate: "AUTO",
            maxChildren: 2,
            topK: 1,
            stallAfterSeconds: 14_400,
            failureBudget: 0,
            policy: {},
          },
          {
            name: "Look",
            kind: "APPROVAL",
            description: "An editor looks",
            generator: null,
            config: {},
            gate: null,
            maxChildren: null,
            topK: 1,
            stallAfterSeconds: 1_800,
            failureBudget: 12,
            policy: {},
          },
        ],
      },
    ]);
  });

  it("gives what is left out its default", () => {
    expect(parse(steps(GENERATE))[0]).toMatchObject({
      description: null,
      defaultN: 3,
      defaultK: 3,
      ratingModel: "BRADLEY_TERRY",
      maxJobs: null,
      maxCostUsd: null,
    });
  });

  it("A1: reads agents and steps without a type unchanged in the form of OpenCode registries", () => {
    const text = `
agents:
  - name: coder
    description: Writes the code
    opencode_agent: build
    default_model: provider/model
    system_prompt_additions: |
      Be brief.
  - name: reviewer
    description:
    opencode_agent: plan
    default_model: null
    system_prompt_additions: ""
pipelines:
  - name: feature
    description: Code, look, review
    steps:
      - agent: coder
        description: Implement it
      - type: approval
        description: A person looks at it
      - agent: reviewer
        description: Review it
`;
    const [pipeline] = parse(text);
    expect(pipeline!.steps.map(({ name, kind, generator, config }) => ({ name, kind, generator, config }))).toEqual([
      {
        name: "coder",
        kind: "AGENT",
        generator: "opencode",
        config: {
          agent: "coder",
          description: "Implement it",
          systemPromptAdditions: "Be brief.\n",
          model: "provider/model",
          opencodeAgent: "build",
        },
      },
      { name: "Approval", kind: "APPROVAL", generator: null, config: {} },
      {
        name: "reviewer",
        kind: "AGENT",
        generator: "opencode",
        config: { agent: "reviewer", description: "Review it", opencodeAgent: "plan" },
      },
    ]);
    expect(errorOf(text, { generators: withoutOpencode })).toEqual({
      message: expect.stringMatching(/^Agent "coder" names no "generator", and there is none of the kind opencode/),
      path: "agents[0].opencode_agent",
      line: 5,
    });
  });

  it("A1: an agent with a generator is that generator's, whatever else it says", () => {
    const [pipeline] = parse(`
agents: [{ name: writer, generator: grammar, opencode_agent: build }]
pipelines: [{ name: p, steps: [{ agent: writer, name: Draft, gate: manual, n: 2 }] }]
`);
    expect(pipeline!.steps[0]).toMatchObject({
      name: "Draft",
      kind: "AGENT",
      generator: "grammar",
      gate: "MANUAL",
      maxChildren: 2,
      config: { agent: "writer", description: "", opencodeAgent: "build" },
    });
  });

  it("keeps remind_after_hours as stall_after, where that is absent", () => {
    const [pipeline] = parse(steps(GENERATE, "- { type: approval, remind_after_hours: 1.5 }"));
    expect(pipeline!.steps[1]!.stallAfterSeconds).toBe(5_400);
  });

  it("hands over the agents, which a document of the API may then use", () => {
    const { agents } = parseDocument("agents: [{ name: writer, generator: grammar }]\npipelines: []", {
      source: "operator",
      generators,
    });
    const [pipeline] = parse(steps("- { agent: writer }"), { source: "api", agents });
    expect(pipeline!.steps[0]).toMatchObject({ kind: "AGENT", generator: "grammar" });
  });

  it("keeps what an anchor repeats apart", () => {
    const [pipeline] = parse(
      steps(
        "- { type: generate, name: A, generator: cppn, config: &c { loci: form } }",
        "- { type: generate, name: B, generator: cppn, config: *c }",
      ),
    );
    expect(pipeline!.steps[1]!.config).toEqual({ loci: "form" });
    expect(pipeline!.steps[1]!.config).not.toBe(pipeline!.steps[0]!.config);
  });
});
