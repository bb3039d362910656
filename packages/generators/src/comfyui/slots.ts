/** What a slot is filled with. No lists: a list of two would be a link between nodes. */
export type SlotValue = string | number | boolean;

/** What Sluice fills by itself. `var.NAME` is a variable of the run; every other name is filled by the step's `values`. */
export const OWN_SLOTS = [
  "prompt",
  "negative",
  "seed",
  "parent_image",
  "width",
  "height",
  "notes",
  "run.name",
  "run.prompt",
  "job_id",
] as const;

/** What the texts of a step's settings may name. */
const TEXT_SLOTS: readonly string[] = ["prompt", "seed", "notes", "run.name", "run.prompt", "job_id"];

const PLACEHOLDER = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g;
const VARIABLE = /^var\.([\w-]+)$/;
const NAME = /^[A-Za-z_][\w-]*$/;

/** The name of the variable that a slot such as `var.style` stands for. */
export function variableOf(slot: string): string | undefined {
  return VARIABLE.exec(slot)?.[1];
}

export function isOwnSlot(slot: string): boolean {
  return (OWN_SLOTS as readonly string[]).includes(slot) || VARIABLE.test(slot);
}

export function isTextSlot(slot: string): boolean {
  return TEXT_SLOTS.includes(slot) || VARIABLE.test(slot);
}

/** Whether a binding, or a placeholder, may have this name. */
export function isSlotName(slot: string): boolean {
  return isOwnSlot(slot) || NAME.test(slot);
}

/** The slots that a text has as `{{slot}}`. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, slot]) => slot!);
}

/**
 * Fills the placeholders of a text, once: what is filled in is not looked at again. A text that is one placeholder and
 * nothing else becomes the value as it is, so that a number stays one.
 */
export function fillText(text: string, valueFor: (slot: string) => SlotValue): SlotValue {
  const only = /^\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}$/.exec(text);
  if (only) return valueFor(only[1]!);
  return text.replace(PLACEHOLDER, (_, slot: string) => String(valueFor(slot)));
}
