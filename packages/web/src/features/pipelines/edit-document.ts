import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { type Place, parse, type StepType } from "./form-document.ts";

// Each edit reads the text, changes the nodes that it is about, and writes the text again: comments, order and what the
// form does not know stay as they were written.

/** Without these a step or a pipeline is none: emptied, they stay where they are. */
const REQUIRED: readonly unknown[] = ["name", "generator", "agent"];

/** Sets one value; undefined, "" and an empty list take it away. Mappings on the way are made. */
export function setValue(text: string, place: Place, value: unknown): string {
  return edit(text, (document) => {
    const isEmpty = value === "" || (Array.isArray(value) && value.length === 0);
    if (value !== undefined && (!isEmpty || REQUIRED.includes(place.at(-1)))) {
      const there = document.getIn(place, true);
      // In place, so that a comment behind it stays.
      if (isScalar(there) && !Array.isArray(value)) there.value = value;
      else {
        document.setIn(place, Array.isArray(value) ? document.createNode(value, { flow: true }) : value);
        inOrder(document.getIn(place.slice(0, -1), true));
      }
      return;
    }
    if (!document.hasIn(place)) return;
    document.deleteIn(place);
    const around = document.getIn(place.slice(0, -1), true);
    // `defaults: {}` would be left of the last key that was taken away.
    if (isMap(around) && around.items.length === 0 && typeof place.at(-2) === "string") {
      document.deleteIn(place.slice(0, -1));
    }
  });
}

/** The order that keys are usually written in; what is not named here stands between the last two groups. */
const FIRST = ["name", "type", "agent", "generator", "description", "defaults", "config", "gate", "n", "k"];
const LAST = ["ratings", "approval_templates", "steps"];

/** Takes a key that was added at the end to where people look for it; the others stay as they were written. */
function inOrder(around: unknown): void {
  if (!isMap(around)) return;
  const rankOf = ({ key }: Pair<unknown, unknown>): number => {
    const word = isScalar(key) ? String(key.value) : String(key);
    const [first, last] = [FIRST.indexOf(word), LAST.indexOf(word)];
    return first >= 0 ? first : FIRST.length + (last >= 0 ? last + 1 : 0);
  };
  const added = around.items.at(-1);
  if (!added) return;
  const before = around.items.findIndex((item) => rankOf(item) > rankOf(added));
  if (before < 0) return;
  around.items.pop();
  around.items.splice(before, 0, added);
}

/** What a new step of a type begins with. */
function newStep(type: StepType, names: { readonly generator: string; readonly agent: string }): object {
  if (type === "generate") return { name: "New step", type, generator: names.generator };
  if (type === "agent") return { type, agent: names.agent, description: "What the agent should do" };
  return { type, description: "What to look at" };
}

export interface NewStepNames {
  readonly generator: string;
  readonly agent: string;
}

/** Adds a step at the end. */
export function addStep(text: string, pipeline: number, type: StepType, names: NewStepNames): string {
  return edit(text, (document) => {
    const place = ["pipelines", pipeline, "steps"];
    const step = document.createNode(newStep(type, names));
    const steps = document.getIn(place, true);
    if (isSeq(steps)) {
      // Into `[]`, steps would be written on one line.
      if (steps.items.length === 0) steps.flow = false;
      steps.add(step);
    } else document.setIn(place, document.createNode([step]));
  });
}

export function removeStep(text: string, pipeline: number, step: number): string {
  return edit(text, (document) => void document.deleteIn(["pipelines", pipeline, "steps", step]));
}

/** Moves a step to another index, from 0; the comments that stand over it and in it go with it. */
export function moveStep(text: string, pipeline: number, from: number, to: number): string {
  return edit(text, (document) => {
    const steps = document.getIn(["pipelines", pipeline, "steps"], true);
    if (!isSeq<Node>(steps) || from === to || to < 0 || to >= steps.items.length) return;
    const firstBefore = steps.items[0];
    // A comment over the first step is kept by the list itself: give it to the step.
    if (steps.commentBefore && firstBefore) {
      firstBefore.commentBefore = [steps.commentBefore, firstBefore.commentBefore].filter(Boolean).join("\n");
      steps.commentBefore = null;
    }
    const [moved] = steps.items.splice(from, 1);
    if (moved) steps.items.splice(to, 0, moved);
  });
}

/** Keys that mean something for steps of one type alone. */
const OWN_KEYS = {
  generate: ["generator", "config"],
  agent: ["agent"],
  approval: ["remind_after_hours"],
} as const satisfies Record<StepType, readonly string[]>;
const NOT_OF_APPROVALS = ["n", "gate", "failure_budget"];

/** Makes a step one of another type: what only the old type has goes, what both have stays. */
export function setStepType(text: string, pipeline: number, step: number, type: StepType, names: NewStepNames): string {
  return edit(text, (document) => {
    const node = document.getIn(["pipelines", pipeline, "steps", step], true);
    if (!isMap(node)) return;
    for (const [other, keys] of Object.entries(OWN_KEYS)) if (other !== type) for (const key of keys) node.delete(key);
    if (type === "approval") for (const key of NOT_OF_APPROVALS) node.delete(key);
    node.set("type", type);
    for (const [key, value] of Object.entries(newStep(type, names))) {
      if (key !== "description" && !node.has(key)) node.set(key, value);
    }
  });
}

/** The document with its first pipeline called otherwise. */
export function rename(text: string, name: string): string {
  return setValue(text, ["pipelines", 0, "name"], name);
}

/** The key's first character and the value's last, for whoever marks a place; the nearest place around that is there. */
export function rangeOf(text: string, place: Place): readonly [from: number, to: number] | undefined {
  const document = parse(text);
  let node: unknown = document.contents;
  let range: readonly [number, number] | undefined;
  for (const key of place) {
    if (isMap(node)) {
      const pair: Pair<unknown, unknown> | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === key,
      );
      if (!pair) break;
      range = spanOf(pair.value) ?? spanOf(pair.key) ?? range;
      node = pair.value;
    } else if (isSeq(node) && typeof key === "number") {
      node = node.items[key];
      range = spanOf(node) ?? range;
    } else break;
  }
  return range;
}

function spanOf(node: unknown): readonly [number, number] | undefined {
  const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return range && range[1] > range[0] ? [range[0], range[1]] : undefined;
}

function edit(text: string, change: (document: ReturnType<typeof parse>) => void): string {
  const document = parse(text);
  if (document.errors.length > 0) return text;
  change(document);
  // Long texts stay on their line: a fold here would be a change that nobody made.
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
