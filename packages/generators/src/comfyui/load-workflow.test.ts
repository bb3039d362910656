import { GeneratorSettingsError } from "@sluice/engine";
import { describe, expect, it } from "vitest";
import { exampleNodes, inWorkflowFolder } from "../testing/comfyui-kit.ts";
import { comfyuiKind } from "./kind.ts";
import { loadWorkflow } from "./load-workflow.ts";
import { comfyuiSettings } from "./settings.ts";

const load = (settings: object, content: unknown = exampleNodes("portrait")) => {
  const parsed = comfyuiSettings.parse({
    url: "http://localhost:8188",
    workflows: { w: { file: "w.json", ...settings } },
  });
  return inWorkflowFolder({ "w.json": content }, (folder) => loadWorkflow(folder, "w", parsed.workflows.w!));
};

const problem = (settings: object, content?: unknown): GeneratorSettingsError => {
  try {
    load(settings, content);
  } catch (error) {
    expect(error).toBeInstanceOf(GeneratorSettingsError);
    return error as GeneratorSettingsError;
  }
  return expect.fail("should have been refused");
};

describe("a workflow's file", () => {
  it("tells how to export the right format, where it is the editor's", () => {
    const editors = { last_node_id: 9, nodes: [{ id: 3, type: "KSampler" }], links: [[1, 4, 0, 3, 0, "MODEL"]] };
    const { message, path } = problem({}, editors);
    expect(message).toContain("Workflow → Export (API)");
    expect(path).toEqual(["workflows", "w", "file"]);
  });

  it.each([
    ["{", "is no JSON"],
    ["[]", "top level has to be a mapping"],
    ["{}", "has no nodes"],
    ['{"3":{"inputs":{}}}', '"3" is no node with a class_type'],
  ])("says what is wrong with %s", (content, words) => {
    expect(problem({}, content).message).toContain(words);
  });

  it("quotes nothing of a file that is no JSON: it may be one of secrets, named by mistake", () => {
    expect(problem({}, "API_KEY=hunter2hunter2").message).not.toMatch(/API_KEY|hunter/);
  });

  it("says that it is not there", () => {
    expect(problem({ file: "gone.json" }).message).toBe(
      "The workflow gone.json is not there. Its path is from the folder of this file.",
    );
  });

  it("may begin with a mark of its encoding", () => {
    expect(Object.keys(load({}, `\uFEFF${JSON.stringify(exampleNodes("portrait"))}`).nodes)).toHaveLength(7);
  });
});

describe("bindings", () => {
  it("find nodes by id, as a text or a number, and by title; a slot may fill several inputs", () => {
    const { bindings, output } = load({
      bindings: {
        seed: { node: 3, input: "seed" },
        prompt: [
          { node: "title:Prompt", input: "text" },
          { node: "7", input: "text" },
        ],
      },
      output: "title:Save Image",
    });
    expect(Object.fromEntries(bindings)).toEqual({
      seed: [{ node: "3", input: "seed" }],
      prompt: [
        { node: "6", input: "text" },
        { node: "7", input: "text" },
      ],
    });
    expect(output).toBe("9");
  });

  it.each([
    [{ node: "12", input: "text" }, 'has no node "12"; it has node 3 (KSampler)', "node"],
    [{ node: "title:Promt", input: "text" }, 'no node with the title "Promt"', "node"],
    [{ node: "6", input: "txt" }, 'Node 6 "Prompt" (CLIPTextEncode) has no input "txt"; it has text.', "input"],
    [
      { node: "6", input: "clip" },
      'comes from node 4 "Load Checkpoint" (CheckpointLoaderSimple). Bind an input of that',
      "input",
    ],
  ])("are refused where %o is not there", (target, words, key) => {
    const { message, path } = problem({ bindings: { prompt: target } });
    expect(message).toContain(words);
    expect(path).toEqual(["workflows", "w", "bindings", "prompt", key]);
  });

  it("are refused where two nodes have the title", () => {
    const nodes = exampleNodes("portrait");
    nodes["7"]!._meta = { title: "Prompt" };
    const { message } = problem({ bindings: { prompt: { node: "title:Prompt", input: "text" } } }, nodes);
    expect(message).toContain('has 2 nodes with the title "Prompt": 6, 7');
  });

  it("are refused where the node of the output is not there", () => {
    expect(problem({ output: "44" }).path).toEqual(["workflows", "w", "output"]);
  });
});

describe("the settings", () => {
  const refused = (settings: object): string => {
    const parsed = comfyuiSettings.safeParse({
      workflows: { w: { file: "w.json" } },
      url: "http://localhost:8188",
      ...settings,
    });
    return parsed.success
      ? expect.fail("should have been refused")
      : parsed.error.issues.map(({ message }) => message).join();
  };

  it.each([
    [{ url: "localhost:8188" }, "such as http://127.0.0.1:8188"],
    [{ url: "file:///etc/passwd" }, "such as http://127.0.0.1:8188"],
    [{ url: "http://ada:secret@localhost" }, "must not have a name and a password"],
    [{ url: "http://localhost/?token=x" }, 'must not have a "?"'],
    [{ headers: { authorization: "Bearer secret\n" } }, "must not have the end of a line"],
    [{ headers: { "two words": "x" } }, "no name of an HTTP header"],
    [{ timeout: "soon" }, '"timeout" must be a span of time'],
    [{ workflows: {} }, "at least one workflow"],
    [{ workflow: {} }, "workflow"],
    [
      { workflows: { w: { file: "w.json", bindings: { "two words": { node: "3", input: "seed" } } } } },
      "A slot's name",
    ],
  ])("are refused: %o", (settings, words) => {
    expect(refused(settings)).toContain(words);
  });

  it("make a generator for images that does one job at a time", () => {
    const settings = comfyuiSettings.parse({ url: "http://localhost:8188", workflows: { w: { file: "w.json" } } });
    const made = inWorkflowFolder({ "w.json": exampleNodes("portrait") }, (folder) =>
      comfyuiKind.create("comfy", settings, { folder, origin: () => "", environment: {} }),
    );
    expect(made).toMatchObject({ name: "comfy", media: "image", concurrency: 1 });
  });
});
