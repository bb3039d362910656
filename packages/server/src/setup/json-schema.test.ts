import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseDocument, pipelinesJsonSchema } from "@sluice/engine";
import { builtinGenerators, operatorKinds } from "@sluice/generators";
import { Ajv } from "ajv";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

const schema = pipelinesJsonSchema(operatorKinds);
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
const builtin = builtinGenerators({ threads: 1 });
afterAll(() => builtin[Symbol.asyncDispose]());

const examples = fileURLToPath(new URL("../../../../docs/examples", import.meta.url));

/** What an editor, and what a start of Sluice, would say of a document; undefined where it is right. */
function verdicts(text: string, folder = examples): { editor: string | undefined; start: string | undefined } {
  const editor = validate(parse(text)) ? undefined : JSON.stringify(validate.errors);
  try {
    parseDocument(text, {
      source: "operator",
      generators: new Map(builtin.generators.map((generator) => [generator.name, generator])),
      operator: {
        kinds: operatorKinds,
        environment: new Proxy({}, { get: () => "a-value" }),
        folder,
        origin: () => "http://127.0.0.1:4000",
      },
    });
    return { editor, start: undefined };
  } catch (error) {
    return { editor, start: (error as Error).message };
  }
}

describe("the JSON Schema of pipelines.yaml", () => {
  it.each(readdirSync(examples).filter((name) => name.endsWith(".yaml")))(
    "takes the example %s, as a start does",
    (name) => {
      const file = join(examples, name);
      expect(verdicts(readFileSync(file, "utf8"), dirname(file))).toEqual({ editor: undefined, start: undefined });
    },
  );

  it.each(documented())("takes what is written in $file, line $line", ({ text }) => {
    expect(verdicts(text).editor).toBeUndefined();
  });

  it("A1: takes a registry of agents as OpenCode users have it, unchanged, as a start does", () => {
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
        remind_after_hours: 4
      - type: agent
        agent: reviewer
        description: Review it
`;
    expect(verdicts(text)).toEqual({ editor: undefined, start: undefined });
  });

  it.each([
    ["a key that does not exist", "pipelines: []\nagnets: []"],
    ["a key of a step that does not exist", step("agent: x, stal_after: 4h")],
    ["a type that does not exist", step("type: aproval")],
    ["a step that forgot its type", step("name: A, generator: cppn")],
    ["K below 1", step("type: generate, name: A, generator: cppn, k: 0")],
    ["a span of time that is none", step("type: generate, name: A, generator: cppn, stall_after: soon")],
    ["a span of time that is nothing", step("type: generate, name: A, generator: cppn, stall_after: 0")],
    [
      "a budget below nothing",
      "pipelines: [{ name: p, defaults: { max_cost: -1 }, steps: [{ type: generate, name: A, generator: cppn }] }]",
    ],
    ["no pipelines", "agents: []"],
    ["an agent without a name", "agents: [{ generator: cppn }]\npipelines: []"],
    ["a kind that does not exist", "generators: [{ name: a, kind: comfyuii }]\npipelines: []"],
    ["a generator without a kind", "generators: [{ name: a }]\npipelines: []"],
    [
      "a setting that its kind does not have",
      "generators: [{ name: a, kind: opencode, url: 'http://127.0.0.1:1', colour: red }]\npipelines: []",
    ],
  ])("refuses %s, as a start does", (_what, text) => {
    const { editor, start } = verdicts(text);
    expect(editor).toBeDefined();
    expect(start).toBeDefined();
  });

  it("lets an address come from the environment", () => {
    expect(
      verdicts(
        "generators: [{ name: a, kind: ai, provider: openai-compatible, base_url: '$" +
          "{URL}', model: m }]\npipelines: []",
      ).editor,
    ).toBeUndefined();
  });

  it("describes every key", () => {
    const silent: string[] = [];
    look(schema, "");
    expect(silent).toEqual([]);

    function look(node: unknown, path: string): void {
      if (typeof node !== "object" || node === null) return;
      for (const [word, inner] of Object.entries(node)) {
        if (word !== "properties") look(inner, path);
        else
          for (const [key, property] of Object.entries(inner as Record<string, { description?: string }>)) {
            if (!property.description) silent.push(`${path}.${key}`);
            look(property, `${path}.${key}`);
          }
      }
    }
  });
});

/** The documents in the guides; one without pipelines gets none. */
function documented(): { file: string; line: number; text: string }[] {
  const docs = join(examples, "..");
  const guides = readdirSync(join(docs, "generators")).map((name) => `generators/${name}`);
  return ["pipelines.md", ...guides.filter((name) => name.endsWith(".md"))].flatMap((file) => {
    const guide = readFileSync(join(docs, file), "utf8");
    return [...guide.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].flatMap(
      ({ 1: indent = "", 2: block = "", index }) => {
        const text = block.replaceAll(new RegExp(`^${indent}`, "gm"), "");
        const isExcerpt = /^pipelines:/m.test(text) && !text.includes("steps:");
        if (isExcerpt || !/^(generators|agents|pipelines):/m.test(text)) return [];
        const whole = /^pipelines:/m.test(text) ? text : `${text}\npipelines: []\n`;
        return [{ file, line: guide.slice(0, index).split("\n").length, text: whole }];
      },
    );
  });
}

function step(keys: string): string {
  return `pipelines:\n  - name: p\n    steps:\n      - { type: generate, name: First, generator: cppn }\n      - { ${keys} }`;
}
