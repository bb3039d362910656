import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { GeneratorSettingsError, type Json } from "@sluice/engine";
import type { WorkflowSettings } from "./settings.ts";
import { isOwnSlot, placeholdersIn } from "./slots.ts";
import { isLink, nodeIds, nodeInWords, parseWorkflow, type Workflow } from "./workflow.ts";

/** An input of a node. */
export interface Target {
  readonly node: string;
  readonly input: string;
}

/** A workflow of the operator's, with every slot found. */
export interface LoadedWorkflow {
  readonly name: string;
  readonly nodes: Workflow;
  /** Inputs that a slot replaces; where the slot has no value, they keep what the file says. */
  readonly bindings: ReadonlyMap<string, readonly Target[]>;
  /** Slots that the file names as `{{slot}}`: these need a value. */
  readonly placeholders: ReadonlySet<string>;
  /** Node whose picture is kept. */
  readonly output: string | null;
}

const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Reads a workflow and finds what its settings name.
 *
 * @throws GeneratorSettingsError with what is wrong, pinned to the key within the entry
 */
export function loadWorkflow(folder: string, name: string, settings: WorkflowSettings): LoadedWorkflow {
  const at = (...keys: (string | number)[]) => ["workflows", name, ...keys];
  const parsed = parseWorkflow(readWorkflow(folder, settings.file, at("file")));
  if ("problem" in parsed) throw new GeneratorSettingsError(`${settings.file} ${parsed.problem}`, at("file"));
  const nodes = parsed.workflow;
  const bindings = new Map<string, Target[]>();
  for (const [slot, bound] of Object.entries(settings.bindings)) {
    const targets = (Array.isArray(bound) ? bound : [bound]).map((target, index) => {
      const keys = at("bindings", slot, ...(Array.isArray(bound) ? [index] : []));
      return { node: findNode(nodes, target.node, settings.file, [...keys, "node"]), input: target.input, keys };
    });
    for (const { node, input, keys } of targets) assertInput(nodes, node, input, [...keys, "input"]);
    bindings.set(
      slot,
      targets.map(({ node, input }) => ({ node, input })),
    );
  }
  return {
    name,
    nodes,
    bindings,
    placeholders: findPlaceholders(nodes),
    output: settings.output === undefined ? null : findNode(nodes, settings.output, settings.file, at("output")),
  };
}

/** Whether the workflow has a place for a slot. */
export function hasSlot(workflow: LoadedWorkflow, slot: string): boolean {
  return workflow.bindings.has(slot) || workflow.placeholders.has(slot);
}

/** The slots that a step fills with `values`. */
export function slotsOfSteps(workflow: LoadedWorkflow): string[] {
  const slots = new Set([...workflow.bindings.keys(), ...workflow.placeholders]);
  return [...slots].filter((slot) => !isOwnSlot(slot));
}

function readWorkflow(folder: string, file: string, path: (string | number)[]): string {
  const where = resolve(folder, file);
  try {
    if (statSync(where).size > MAX_BYTES) throw new GeneratorSettingsError(`${file} is larger than 8 MB.`, path);
    return readFileSync(where, "utf8");
  } catch (error) {
    if (error instanceof GeneratorSettingsError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "is not there" : code === "EISDIR" ? "is a folder" : `cannot be read: ${message}`;
    throw new GeneratorSettingsError(`The workflow ${file} ${why}. Its path is from the folder of this file.`, path);
  }
}

function findNode(nodes: Workflow, reference: string | number, file: string, path: (string | number)[]): string {
  const wanted = String(reference);
  if (!wanted.startsWith("title:")) {
    if (Object.hasOwn(nodes, wanted)) return wanted;
    throw new GeneratorSettingsError(
      `${file} has no node "${wanted}"; it has ${listed(nodeIds(nodes).map((id) => nodeInWords(nodes, id)))}. Ids change when a workflow is exported again; "title:…" finds a node by its title.`,
      path,
    );
  }
  const title = wanted.slice("title:".length).trim();
  const found = nodeIds(nodes).filter((id) => nodes[id]?._meta?.title === title);
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    throw new GeneratorSettingsError(
      `${file} has ${found.length} nodes with the title "${title}": ${found.join(", ")}. Name one by its id, or give them different titles.`,
      path,
    );
  }
  const titles = nodeIds(nodes).flatMap((id) => nodes[id]?._meta?.title ?? []);
  throw new GeneratorSettingsError(
    `${file} has no node with the title "${title}"; it has ${listed(titles.map((one) => `"${one}"`))}.`,
    path,
  );
}

function assertInput(nodes: Workflow, id: string, input: string, path: (string | number)[]): void {
  const inputs = nodes[id]!.inputs;
  const words = nodeInWords(nodes, id);
  if (!Object.hasOwn(inputs, input)) {
    const own = Object.keys(inputs).filter((key) => !isLink(nodes, inputs[key]));
    throw new GeneratorSettingsError(
      `${capital(words)} has no input "${input}"; ${own.length === 0 ? "all its inputs come from other nodes" : `it has ${listed(own)}`}.`,
      path,
    );
  }
  const value = inputs[input];
  if (isLink(nodes, value)) {
    throw new GeneratorSettingsError(
      `The input "${input}" of ${words} comes from ${nodeInWords(nodes, value[0])}. Bind an input of that node instead.`,
      path,
    );
  }
}

function findPlaceholders(nodes: Workflow): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (value: Json): void => {
    if (typeof value === "string") for (const slot of placeholdersIn(value)) found.add(slot);
    else if (isLink(nodes, value)) return;
    else if (Array.isArray(value)) value.forEach(look);
    else if (value !== null && typeof value === "object") Object.values(value).forEach(look);
  };
  for (const { inputs } of Object.values(nodes)) Object.values(inputs).forEach(look);
  return found;
}

const MOST_LISTED = 12;

function listed(words: readonly string[]): string {
  if (words.length === 0) return "none";
  const more = words.length - MOST_LISTED;
  return words.slice(0, MOST_LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
