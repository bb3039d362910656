import { generateRequest } from "@sluice/engine/testing";
import { describe, expect, it } from "vitest";
import { composePicturePrompt } from "./compose-picture-prompt.ts";
import { composePrompt } from "./compose-prompt.ts";

const run = { id: 12, name: "Test", prompt: "A note about rain", variables: {} };
const parent = { id: 3, text: "# Rain\nIt falls.", meta: {}, asset: null };

describe("composePrompt", () => {
  it("passes a prompt that stands alone on as it is", () => {
    expect(composePrompt(generateRequest({ run }))).toEqual({ system: null, prompt: "A note about rain" });
  });

  it("gives every part a tag of its own, and says how they belong together", () => {
    const { system, prompt } = composePrompt(
      generateRequest({
        run: { ...run, variables: { tone: "calm", lines: 3 } },
        step: {
          position: 3,
          name: "Polish",
          description: "Polish the draft",
          config: { agent: "writer", systemPromptAdditions: "Be brief." },
        },
        parent,
        notes: ["Less wind", " "],
        feedback: [{ round: 1, comment: "Too long" }],
        ordinal: 2,
      }),
    );
    expect(system).toBe("Be brief.");
    expect(prompt).toBe(
      [
        "<brief>\nA note about rain\n</brief>",
        "<variables>\ntone: calm\nlines: 3\n</variables>",
        "<earlier_output>\n# Rain\nIt falls.\n</earlier_output>",
        "<approver_comments>\n<comment>\nLess wind\n</comment>\n</approver_comments>",
        '<sent_back>\n<comment round="1">\nToo long\n</comment>\n</sent_back>',
        "<task>\nPolish the draft\n</task>",
        "Work from the earlier output. Do what the approvers' comments ask for. Earlier results of this task were sent back with the comments in sent_back: do better on these points. This is variant 2 of several: take a clearly different approach than the first that comes to mind.",
      ].join("\n\n"),
    );
  });

  it("takes the description from the settings of an agent's step where the step has none", () => {
    const step = { position: 1, name: "Draft", description: null, config: { description: "Draft it" } };
    expect(composePrompt(generateRequest({ run, step })).prompt).toContain("<task>\nDraft it\n</task>");
  });
});

describe("composePicturePrompt", () => {
  it("gives an image model plain lines, what an earlier step wrote first", () => {
    const step = { position: 2, name: "Paint", description: "In oil", config: {} };
    const request = generateRequest({ run, step, parent: { ...parent, text: "A grey street" }, notes: ["Darker"] });
    expect(composePicturePrompt(request)).toBe("A grey street\nA note about rain\nIn oil\nDarker");
  });
});
