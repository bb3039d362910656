import { describe, expect, it } from "vitest";
import { InvalidPipelineError } from "../errors.ts";
import { parseDocument } from "./parse-pipelines.ts";
import { withoutOpencode } from "./test-documents.ts";
import { testKinds } from "./test-kinds.ts";

const kinds = testKinds();
const environment = { API_KEY: "s3cret-value", EMPTY: "", HOST: "paint.example.org" };

function read(text: string) {
  kinds.made.length = 0;
  const operator = { kinds: kinds.kinds, environment, folder: "/etc/sluice", origin: () => "http://127.0.0.1:4000" };
  return parseDocument(text, { source: "operator", generators: withoutOpencode, operator });
}

function errorOf(text: string) {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof InvalidPipelineError)) throw error;
    return { message: error.message, path: error.path, line: error.line };
  }
  throw new Error("This document was to be refused.");
}

/** The entry's first key after `kind` is on line 4. */
const generator = (...lines: string[]) =>
  ["generators:", "  - name: brush", "    kind: painter", ...lines.map((line) => `    ${line}`), "pipelines: []"].join(
    "\n",
  );

describe("generators of the operator's file", () => {
  it("are made by their kinds, with defaults and with the file's folder, and steps and agents may name them", () => {
    const { generators, pipelines, agents } = read(`
generators:
  - { name: brush, kind: painter, url: "https://paint.example.org" }
agents:
  - { name: artist, generator: brush }
pipelines:
  - name: p
    steps: [{ type: generate, name: A, generator: brush, config: { any: 1 } }, { agent: artist }]
`);
    expect(kinds.made).toEqual([
      {
        name: "brush",
        settings: { url: "https://paint.example.org", concurrency: 2 },
        folder: "/etc/sluice",
        origin: "http://127.0.0.1:4000",
      },
    ]);
    expect([...generators].map(([name, { kind, generator }]) => [name, kind, generator.name])).toEqual([
      ["brush", "painter", "brush"],
    ]);
    expect(pipelines[0]!.steps.map((step) => step.generator)).toEqual(["brush", "brush"]);
    expect(agents.get("artist")).toMatchObject({ generator: "brush" });
  });

  it("have the environment's values wherever a text says so, at any depth", () => {
    read(
      generator(
        `url: "https://\${HOST}:8443"`,
        `headers: { authorization: "Bearer \${API_KEY}", plain: "$\${API_KEY} costs $5" }`,
        `argv: ["\${HOST}\${HOST}"]`,
      ),
    );
    expect(kinds.made[0]!.settings).toMatchObject({
      url: "https://paint.example.org:8443",
      headers: { authorization: "Bearer s3cret-value", plain: `\${API_KEY} costs $5` },
      argv: ["paint.example.orgpaint.example.org"],
    });
  });

  it("leave texts of pipelines alone: they are stored", () => {
    const { pipelines } = read(
      `pipelines: [{ name: p, steps: [{ type: generate, name: A, generator: cppn, config: { prompt: "\${API_KEY}" } }] }]`,
    );
    expect(pipelines[0]!.steps[0]!.config).toEqual({ prompt: `\${API_KEY}` });
  });

  it.each<[string, string, string | RegExp, string, number]>([
    [
      "a variable that is not set",
      generator("url: https://x", "headers:", `  a: "\${API_KYE}"`),
      /^The environment variable API_KYE is not set\./,
      "generators[0].headers.a",
      6,
    ],
    [
      "a variable that is empty",
      generator(`url: "\${EMPTY}"`),
      /^The environment variable EMPTY is not set/,
      "generators[0].url",
      4,
    ],
    [
      "what is no variable's name",
      generator(`url: "\${not a name}"`),
      /names no environment variable/,
      "generators[0].url",
      4,
    ],
    ["an open brace", generator(`url: "\${API_KEY"`), /names no environment variable/, "generators[0].url", 4],
    [
      "a kind that is misspelt",
      "generators:\n  - name: a\n    kind: paintr\npipelines: []",
      'There is no kind of generator "paintr". Did you mean "painter"?',
      "generators[0].kind",
      3,
    ],
    [
      "no kind",
      "generators:\n  - name: a\npipelines: []",
      'A generator needs a "kind": one of "painter" and "opencode".',
      "generators[0].kind",
      2,
    ],
    [
      "a key that is misspelt",
      generator("urll: https://x"),
      'Item 1 of "generators" has no key "urll". Did you mean "url"?',
      "generators[0].urll",
      4,
    ],
    ["a key that is missing", generator("concurrency: 1"), '"url" is missing.', "generators[0].url", 2],
    [
      "a value that the kind's schema describes by half a sentence",
      generator("url: nowhere"),
      '"url" must be an address.',
      "generators[0].url",
      4,
    ],
    [
      "a value of the wrong type",
      generator("url: https://x", "concurrency: many"),
      '"concurrency" must be a number, but is a text.',
      "generators[0].concurrency",
      5,
    ],
    [
      "settings that do not go together",
      generator("url: https://x", "low: 3", "high: 1"),
      '"high" must not be below "low".',
      "generators[0].high",
      6,
    ],
    [
      "what the kind refuses itself",
      generator("url: https://missing.example.org"),
      "There is nothing at https://missing.example.org.",
      "generators[0].url",
      4,
    ],
    [
      "a built-in generator's name",
      "generators:\n  - { name: cppn, kind: painter, url: https://x }\npipelines: []",
      '"cppn" is a built-in generator. Give this one another name.',
      "generators[0].name",
      2,
    ],
    [
      "a name that comes twice",
      "generators:\n  - { name: a, kind: painter, url: https://x }\n  - { name: a, kind: opencode, url: https://x }\npipelines: []",
      'There are two generators named "a". Rename one.',
      "generators[1].name",
      3,
    ],
  ])("are refused with path and line for %s", (_what, text, message, path, line) => {
    expect(errorOf(text)).toEqual({
      message: typeof message === "string" ? message : expect.stringMatching(message),
      path,
      line,
    });
  });

  it("never show a value of the environment in an error", () => {
    expect(errorOf(generator(`url: "https://missing/\${API_KEY}"`)).message).toBe(
      `There is nothing at https://missing/\${API_KEY}.`,
    );
  });
});

describe("A1: agents without a generator", () => {
  const agents = "agents: [{ name: coder, opencode_agent: build, default_model: provider/model }]\npipelines: []";
  const withGenerators = (...entries: string[]) =>
    `generators:\n${entries.map((entry) => `  - ${entry}\n`).join("")}${agents}`;
  const generatorOf = (text: string) => read(text).agents.get("coder")?.generator;

  it("are run by the only generator of the kind opencode, whatever it is called", () => {
    expect(generatorOf(withGenerators("{ name: code, kind: opencode, url: https://x }"))).toBe("code");
  });

  it("are run by the one that is called opencode, where there are several", () => {
    expect(
      generatorOf(
        withGenerators(
          "{ name: code, kind: opencode, url: https://x }",
          "{ name: opencode, kind: opencode, url: https://x }",
        ),
      ),
    ).toBe("opencode");
  });

  it("are an error where several could be meant", () => {
    expect(
      errorOf(
        withGenerators(
          "{ name: code, kind: opencode, url: https://x }",
          "{ name: more, kind: opencode, url: https://x }",
        ),
      ),
    ).toEqual({
      message:
        'Agent "coder" names no "generator", and there are several of the kind opencode: "code" and "more". Name one of them, or call one "opencode".',
      path: "agents[0].opencode_agent",
      line: 4,
    });
  });

  it("are run by OpenCode at its usual address where a file declares no generator at all", () => {
    const { agents: known, generators } = read(agents);
    expect(known.get("coder")?.generator).toBe("opencode");
    expect(generators.get("opencode")).toMatchObject({ kind: "opencode", settings: { url: "http://127.0.0.1:4096" } });
  });

  it("make no such generator where no agent needs it", () => {
    expect(read("agents: [{ name: writer, generator: grammar }]\npipelines: []").generators.size).toBe(0);
  });
});
