import type { GenerateRequest } from "@sluice/engine";
import { configText, promptParts } from "./sections.ts";

/**
 * What an image model is told: one description without headings or tags, which such models would try to draw. A parent's
 * text is part of it (a prompt that an earlier step wrote); who makes it differ is the model's own chance, or its seed.
 */
export function composePicturePrompt(request: GenerateRequest): string {
  const { brief, variables, step, parentText, notes, feedback } = promptParts(request);
  return [
    configText(request.step.config, "systemPromptAdditions"),
    parentText === brief ? null : parentText,
    brief,
    variables.map(({ name, value }) => `${name}: ${value}`).join(", "),
    step,
    ...notes,
    ...feedback.map(({ comment }) => comment),
  ]
    .filter((part) => part !== null && part !== "")
    .join("\n");
}
