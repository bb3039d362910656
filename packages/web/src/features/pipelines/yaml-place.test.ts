import { describe, expect, it } from "vitest";
import { type JsonSchema, keysAt, valuesAt } from "./schema-words.ts";
import { placeIn } from "./yaml-place.ts";

const TEXT = `# Ours
pipelines:
  - name: Posters
    defaults:
      n: 3
    steps:
      - name: Form
        type: generate

        generator: cppn
        automatic:
          votes: 5
      - { type: approval, defaults: { k: 2 }, description: Look }
    ratings: elo
`;
const upTo = (end: string) => placeIn(TEXT.slice(0, TEXT.indexOf(end) + end.length));
const PIPELINE = ["pipelines", "[]"];
const STEP = [...PIPELINE, "steps", "[]"];

describe("the place that is written at", () => {
  it.each([
    ["pipe", { path: [], key: undefined, word: "pipe" }],
    ["- na", { path: PIPELINE, key: undefined, word: "na" }],
    ["    def", { path: PIPELINE, key: undefined, word: "def" }],
    ["      n", { path: [...PIPELINE, "defaults"], key: undefined, word: "n" }],
    ["type: gen", { path: STEP, key: "type", word: "gen" }],
    ["        gene", { path: STEP, key: undefined, word: "gene" }],
    ["          vo", { path: [...STEP, "automatic"], key: undefined, word: "vo" }],
    ["{ ty", { path: STEP, key: undefined, word: "ty" }],
    ["type: app", { path: STEP, key: "type", word: "app" }],
    ["    ratings: e", { path: PIPELINE, key: "ratings", word: "e" }],
    ["{ k", { path: [...STEP, "defaults"], key: undefined, word: "k" }],
    ["# Ou", undefined],
  ])("after %j", (end, place) => {
    expect(upTo(end)).toEqual(place);
  });

  it("is found where a list stands in its key's column", () => {
    expect(placeIn("pipelines:\n- name: A\n  steps:\n  - type: ")).toEqual({ path: STEP, key: "type", word: "" });
    expect(placeIn("pipelines:\n- name: A\n  steps:\n  - type: x\n    ga")).toMatchObject({ path: STEP, word: "ga" });
  });
});

it("offers what the schema allows there", () => {
  const schema: JsonSchema = {
    properties: {
      steps: {
        items: {
          anyOf: [
            {
              properties: {
                type: { const: "generate" },
                gate: { anyOf: [{ enum: ["auto", "open"] }, { type: "null" }] },
              },
            },
            {
              properties: {
                type: { const: "approval" },
                exclude_creator: { type: "boolean", description: "Four eyes." },
              },
            },
          ],
        },
      },
    },
  };
  expect(keysAt(schema, ["steps", "[]"]).map(({ word }) => word)).toEqual(["type", "gate", "exclude_creator"]);
  expect(keysAt(schema, ["steps", "[]"])[2]?.detail).toBe("Four eyes.");
  expect(valuesAt(schema, ["steps", "[]", "type"]).map(({ word }) => word)).toEqual(["generate", "approval"]);
  expect(valuesAt(schema, ["steps", "[]", "gate"]).map(({ word }) => word)).toEqual(["auto", "open"]);
  expect(valuesAt(schema, ["steps", "[]", "exclude_creator"]).map(({ word }) => word)).toEqual(["true", "false"]);
  expect(keysAt(schema, ["nothing"])).toEqual([]);
});
