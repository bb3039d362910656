import { describe, expect, it } from "vitest";
import { errorOf, GENERATE, steps } from "./test-documents.ts";

describe("A1: what is wrong is said with its path and line", () => {
  it.each<[string, string, string | RegExp, string | null, number | null]>([
    [
      "an unknown section",
      "pipelines: []\npipeline: []",
      'The document has no key "pipeline". Did you mean "pipelines"?',
      "pipeline",
      2,
    ],
    [
      "an unknown key, where the one that was meant is missing",
      steps(GENERATE, "- type: generate", "  name: B", "  generater: cppn"),
      'A generate step has no key "generater". Did you mean "generator"?',
      "pipelines[0].steps[1].generater",
      7,
    ],
    [
      "an unknown key of a step",
      steps("- type: generate", "  name: A", "  generator: cppn", "  stal_after: 4h"),
      'A generate step has no key "stal_after". Did you mean "stall_after"?',
      "pipelines[0].steps[0].stal_after",
      7,
    ],
    [
      "a policy that is not known",
      steps("- type: generate", "  name: A", "  generator: cppn", "  reviewers: [role:approver]"),
      /^A generate step has no key "reviewers"\. It may have type, name, /,
      "pipelines[0].steps[0].reviewers",
      7,
    ],
    [
      "a merge key",
      steps("- { type: generate, name: A, generator: cppn, <<: { n: 1 } }"),
      /has no key "<<"/,
      "pipelines[0].steps[0].<<",
      4,
    ],
    ["no name", "pipelines:\n  - steps:\n    - agent: x", '"name" is missing.', "pipelines[0].name", 2],
    [
      "an empty name",
      "pipelines:\n  - name: ' '\n    steps: [{ agent: x }]",
      '"name" must not be empty.',
      "pipelines[0].name",
      2,
    ],
    [
      "a name that is a number",
      "pipelines:\n  - name: 7\n    steps: [{ agent: x }]",
      '"name" must be a text, but is a number.',
      "pipelines[0].name",
      2,
    ],
    [
      "no steps",
      "pipelines:\n  - name: p\n    steps: []",
      "A pipeline needs at least one step.",
      "pipelines[0].steps",
      3,
    ],
    [
      "more steps than a run can show",
      steps(...Array.from({ length: 51 }, () => GENERATE)),
      "A pipeline may have at most 50 steps. Make two of it.",
      "pipelines[0].steps",
      3,
    ],
    [
      "too many pipelines",
      ["pipelines:", ...Array.from({ length: 101 }, (_, i) => `  - { name: p${i}, steps: [{ agent: x }] }`)].join("\n"),
      "A document may have at most 100 pipelines. Apply the others with another one.",
      "pipelines",
      1,
    ],
    [
      "too many agents",
      ["pipelines: []", "agents:", ...Array.from({ length: 201 }, (_, i) => `  - { name: a${i} }`)].join("\n"),
      "There may be at most 200 agents.",
      "agents",
      2,
    ],
    [
      "steps that are none",
      "pipelines:\n  - name: p\n    steps: [1]",
      'Item 1 of "steps" must be a mapping (key: value), but is a number.',
      "pipelines[0].steps[0]",
      3,
    ],
    [
      "a type that is misspelt",
      steps("- type: aproval"),
      /^A step's "type" must be .* Did you mean "approval"\?$/,
      "pipelines[0].steps[0].type",
      4,
    ],
    [
      "a forgotten type",
      steps("- { name: Form, generator: cppn }"),
      'A step with a "generator" needs "type: generate".',
      "pipelines[0].steps[0].type",
      4,
    ],
    [
      "an approval that comes first",
      steps("- type: approval"),
      /nothing comes before it to approve/,
      "pipelines[0].steps[0]",
      4,
    ],
    [
      "K below 1",
      "pipelines:\n  - name: p\n    defaults:\n      k: 0\n    steps: [{ agent: x }]",
      "K must be at least 1",
      "pipelines[0].defaults.k",
      4,
    ],
    ["N above 100", steps("- { agent: x, n: 101 }"), '"n" must be at most 100.', "pipelines[0].steps[0].n", 4],
    [
      "N that is no whole number",
      steps("- { agent: x, n: 1.5 }"),
      '"n" must be a whole number, but is 1.5.',
      "pipelines[0].steps[0].n",
      4,
    ],
    [
      "an unknown gate",
      steps("- { agent: x, gate: off }"),
      '"gate" must be manual or auto or open.',
      "pipelines[0].steps[0].gate",
      4,
    ],
    [
      "a span of time that is none",
      steps("- { agent: x, stall_after: soon }"),
      /^"stall_after" must be a span of time/,
      "pipelines[0].steps[0].stall_after",
      4,
    ],
    [
      "a reminder at once",
      steps(GENERATE, "- { type: approval, remind_after_hours: 0 }"),
      '"remind_after_hours" must be more than 0.',
      "pipelines[0].steps[1].remind_after_hours",
      5,
    ],
    [
      "an unknown rating",
      "pipelines:\n  - name: p\n    ratings: glicko\n    steps: [{ agent: x }]",
      '"ratings" must be bradley-terry or elo.',
      "pipelines[0].ratings",
      3,
    ],
    [
      "two pipelines of one name",
      `${steps(GENERATE)}\n  - name: p\n    steps: [{ type: generate, name: A, generator: cppn }]`,
      'There are two pipelines named "p". Rename one.',
      "pipelines[1].name",
      5,
    ],
    [
      "two agents of one name",
      "agents:\n  - name: a\n  - name: a\npipelines: []",
      'There are two agents named "a". Rename one.',
      "agents[1].name",
      3,
    ],
    [
      "an unknown generator",
      steps("- type: generate", "  name: A", "  generator: cpnn"),
      'There is no generator named "cpnn". Did you mean "cppn"?',
      "pipelines[0].steps[0].generator",
      6,
    ],
    [
      "an unknown agent",
      steps("- agent: x"),
      'There is no agent named "x". There is: none.',
      "pipelines[0].steps[0].agent",
      4,
    ],
    [
      "an agent's unknown generator",
      "agents:\n  - name: a\n    generator: gpt\npipelines: []",
      'There is no generator named "gpt". There is: "cppn", "grammar" and "opencode".',
      "agents[0].generator",
      3,
    ],
    [
      "a kind of generator that is not there",
      "generators:\n  - { name: comfy, kind: comfyui }\npipelines: []",
      'There is no kind of generator "comfyui". There is: none.',
      "generators[0].kind",
      2,
    ],
    [
      "a config that its generator refuses",
      steps("- type: generate", "  name: A", "  generator: cppn", "  config: { loci: wrong }"),
      'The setting "loci" of the generator "cppn" is wrong.',
      "pipelines[0].steps[0].config",
      7,
    ],
    [
      "an agent that its generator refuses",
      "agents: [{ name: wrong, generator: grammar }]\npipelines:\n  - name: p\n    steps:\n      - agent: wrong",
      'The setting "loci" of the generator "grammar" is wrong.',
      "pipelines[0].steps[0].agent",
      5,
    ],
    [
      "a config that is a list",
      steps("- { type: generate, name: A, generator: cppn, config: [] }"),
      '"config" must be a mapping (key: value), but is a list.',
      "pipelines[0].steps[0].config",
      4,
    ],
  ])("%s", (_what, text, message, path, line) => {
    const error = errorOf(text);
    expect(error).toEqual({
      message: typeof message === "string" ? message : expect.stringMatching(message),
      path,
      line,
    });
  });

  it("names the first of several problems", () => {
    expect(errorOf("pipelines:\n  - name: p\n    steps: []\n  - name: q\n    steps: 1\nagnets: []").line).toBe(3);
  });

  it("finds the line of what an alias repeats", () => {
    const text = "agents:\n  - &a\n    name: a\n    generator: gpt\n  - *a\npipelines: []";
    expect(errorOf(text)).toMatchObject({ path: "agents[0].generator", line: 4 });
  });
});
