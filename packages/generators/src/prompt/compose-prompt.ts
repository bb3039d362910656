import type { GenerateRequest } from "@sluice/engine";
import { configText, type PromptParts, promptParts } from "./sections.ts";

export interface ComposedPrompt {
  /** What the operator wrote for the step's agent (`system_prompt_additions`). */
  readonly system: string | null;
  readonly prompt: string;
}

/**
 * What a language model or an agent is told for one candidate.
 *
 * A run's prompt that stands alone is passed on as it is. Otherwise every part is within a tag of its own: an earlier
 * text has headings and rules of its own, and must not be read as part of the task. The same request gives the same
 * words, so that a retry asks for the same thing.
 */
export function composePrompt(request: GenerateRequest): ComposedPrompt {
  const { brief, variables, step, parentText, notes, feedback, variant } = promptParts(request);
  const around = [
    variables.length > 0 && tag("variables", variables.map(({ name, value }) => `${name}: ${value}`).join("\n")),
    parentText && tag("earlier_output", parentText),
    notes.length > 0 && tag("approver_comments", notes.map((note) => tag("comment", note)).join("\n")),
    feedback.length > 0 &&
      tag("sent_back", feedback.map(({ round, comment }) => tag("comment", comment, ` round="${round}"`)).join("\n")),
    step && tag("task", step),
    ...sentences({ parentText, notes, feedback, variant }),
  ].filter((part) => typeof part === "string" && part !== "");
  return {
    system: configText(request.step.config, "systemPromptAdditions"),
    prompt: around.length > 0 ? [tag("brief", brief), ...around].join("\n\n") : brief,
  };
}

/** How the parts belong together. */
function sentences({
  parentText,
  notes,
  feedback,
  variant,
}: Pick<PromptParts, "parentText" | "notes" | "feedback" | "variant">): string[] {
  const said: string[] = [];
  if (parentText) said.push("Work from the earlier output.");
  if (notes.length > 0) said.push("Do what the approvers' comments ask for.");
  if (feedback.length > 0) {
    said.push("Earlier results of this task were sent back with the comments in sent_back: do better on these points.");
  }
  if (variant) {
    said.push(
      `This is variant ${variant} of several: take a clearly different approach than the first that comes to mind.`,
    );
  }
  return said.length > 0 ? [said.join(" ")] : [];
}

function tag(name: string, content: string, attributes = ""): string {
  return `<${name}${attributes}>\n${content}\n</${name}>`;
}
