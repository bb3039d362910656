import { describe, expect, it } from "vitest";
import { addStep, moveStep, rangeOf, removeStep, setStepType, setValue } from "./edit-document.ts";
import { readForm } from "./form-document.ts";

const TEXT = `# Ours
pipelines:
  - name: Posters # the shop's
    defaults: { n: 3, k: 2 }
    steps:
      # The first look
      - name: Form
        type: generate
        generator: cppn # until the model is there
        config: { loci: form }
      - { type: approval, description: An editor looks } # Ada
`;
const NAMES = { generator: "grammar", agent: "writer" };

function pipelineOf(text: string) {
  const form = readForm(text);
  if (!form.ok || !form.pipelines[0]) throw new Error("no form");
  return form.pipelines[0];
}

describe("a form's edits of a document", () => {
  it("keep every comment, and what the form does not know", () => {
    let text = setValue(TEXT, ["pipelines", 0, "name"], "Banners");
    text = setValue(text, ["pipelines", 0, "description"], "For the shop");
    text = setValue(text, ["pipelines", 0, "steps", 0, "n"], 5);
    for (const kept of [
      "# Ours",
      "# the shop's",
      "# The first look",
      "# until the model is there",
      "# Ada",
      "loci: form",
    ]) {
      expect(text).toContain(kept);
    }
    expect(pipelineOf(text)).toMatchObject({ name: "Banners", description: "For the shop", n: 3, k: 2 });
    expect(pipelineOf(text).steps[0]?.n).toBe(5);
  });

  it("take away what was emptied, and a mapping with its last key", () => {
    let text = setValue(TEXT, ["pipelines", 0, "defaults", "n"], "");
    expect(text).toContain("defaults: { k: 2 }");
    text = setValue(text, ["pipelines", 0, "defaults", "k"], undefined);
    expect(text).not.toContain("defaults");
    expect(setValue(text, ["pipelines", 0, "defaults", "k"], undefined)).toBe(text);
    expect(setValue(text, ["pipelines", 0, "defaults", "max_jobs"], 9)).toMatch(/defaults:\n {6}max_jobs: 9/);
  });

  it("write a key where people look for it, and leave an emptied name in its place", () => {
    const text = setValue(TEXT, ["pipelines", 0, "description"], "For the shop");
    expect(text).toMatch(/name: Posters # the shop's\n {4}description: For the shop\n {4}defaults/);
    const unnamed = setValue(text, ["pipelines", 0, "name"], "");
    expect(unnamed).toContain('name: "" # the shop');
  });

  it("write lists of people, and many lines, so that they read back as they were", () => {
    const people = ["role:approver", "ada", "bob@example.org"];
    const text = setValue(TEXT, ["pipelines", 0, "steps", 1, "approvers"], people);
    expect(pipelineOf(text).steps[1]?.approvers).toEqual(people);
    for (const words of ["one\ntwo", " spaces ", "yes", "3", "- a: b # c", "ends\n", "tab\there", "“quoted”: 'x'"]) {
      const described = setValue(TEXT, ["pipelines", 0, "description"], words);
      expect(pipelineOf(described).description).toBe(words);
    }
  });

  it("add, remove and move steps, comments with them", () => {
    const moved = moveStep(TEXT, 0, 0, 1);
    expect(pipelineOf(moved).steps.map(({ type }) => type)).toEqual(["approval", "generate"]);
    expect(moved.indexOf("# Ada")).toBeLessThan(moved.indexOf("# The first look"));
    expect(moveStep(TEXT, 0, 1, 2)).toContain("# The first look");
    const added = addStep(addStep(TEXT, 0, "generate", NAMES), 0, "agent", NAMES);
    expect(pipelineOf(added).steps.map(({ type }) => type)).toEqual(["generate", "approval", "generate", "agent"]);
    expect(pipelineOf(removeStep(added, 0, 0)).steps).toHaveLength(3);
    const none = "pipelines:\n  - { name: A, steps: [] }\n";
    expect(pipelineOf(addStep(none, 0, "generate", NAMES)).steps).toHaveLength(1);
    expect(pipelineOf(addStep("pipelines:\n  - name: A\n", 0, "approval", NAMES)).steps).toHaveLength(1);
  });

  it("give a step of another type what that type needs, and nothing that only the old one had", () => {
    const text = setStepType(TEXT, 0, 0, "agent", NAMES);
    expect(pipelineOf(text).steps[0]).toMatchObject({
      type: "agent",
      agent: "writer",
      generator: undefined,
      name: "Form",
    });
    expect(text).not.toContain("loci");
  });

  it("change nothing in what is no YAML", () => {
    expect(setValue("pipelines: [", ["pipelines", 0, "name"], "A")).toBe("pipelines: [");
  });
});

describe("what the form shows", () => {
  it("is nothing, with the line, where the text is no YAML", () => {
    expect(readForm("pipelines:\n  - name: [\n")).toMatchObject({ ok: false, line: 3 });
    expect(readForm("")).toMatchObject({ ok: false });
    expect(readForm("pipelines: 3")).toMatchObject({ ok: false });
  });

  it("is as much as can be read of what is wrong", () => {
    const form = pipelineOf("pipelines:\n  - steps: [{ agent: writer }, 3, { generator: cppn, n: many }]\n");
    expect(form.name).toBe("");
    expect(form.steps.map(({ type }) => type)).toEqual(["agent", "agent", "generate"]);
  });
});

it("finds where a place stands", () => {
  const [from, to] = rangeOf(TEXT, ["pipelines", 0, "steps", 0, "generator"]) ?? [0, 0];
  expect(TEXT.slice(from, to)).toBe("cppn");
  const [start] = rangeOf(TEXT, ["pipelines", 0, "steps", 1, "gate"]) ?? [0];
  expect(TEXT.slice(start)).toMatch(/^\{ type: approval/);
});
