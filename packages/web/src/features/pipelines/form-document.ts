import { type Document, isMap, isSeq, LineCounter, parseDocument } from "yaml";

/** Keys and indexes that lead to a place in a document, such as `["pipelines", 0, "name"]`. */
export type Place = readonly (string | number)[];

export type StepType = "generate" | "agent" | "approval";

/** A step as the form shows it. What is not written is undefined. */
export interface FormStep {
  /** From 1. */
  readonly position: number;
  readonly type: StepType;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly generator: string | undefined;
  readonly agent: string | undefined;
  readonly n: unknown;
  readonly k: unknown;
  readonly gate: string | undefined;
  readonly stallAfter: string | undefined;
  readonly approvers: readonly string[];
  readonly quorum: unknown;
  readonly excludeCreator: boolean;
  readonly minVotes: unknown;
  readonly minConfidence: unknown;
  readonly failureBudget: unknown;
}

/** A pipeline as the form shows it. */
export interface FormPipeline {
  readonly name: string;
  readonly description: string | undefined;
  readonly n: unknown;
  readonly k: unknown;
  readonly maxCost: unknown;
  readonly maxJobs: unknown;
  readonly steps: readonly FormStep[];
}

export type ReadForm =
  | { readonly ok: true; readonly pipelines: readonly FormPipeline[] }
  /** The document is none that a form can show; `line` counts from 1. */
  | { readonly ok: false; readonly words: string; readonly line: number | undefined };

/** What the form shows of a document: as much as can be read of it, right or wrong. */
export function readForm(text: string): ReadForm {
  const lines = new LineCounter();
  const document = parse(text, lines);
  const error = document.errors[0];
  if (error) return { ok: false, words: "This is not valid YAML.", line: lines.linePos(error.pos[0]).line };
  const pipelines = document.get("pipelines");
  if (!isSeq(pipelines) || pipelines.items.length === 0 || !pipelines.items.every((item) => isMap(item))) {
    return { ok: false, words: 'The document needs a list "pipelines" with a pipeline in it.', line: undefined };
  }
  const value: unknown = toPlain(document);
  return { ok: true, pipelines: listAt(value, "pipelines").map(readPipeline) };
}

function toPlain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    // Aliases that lead nowhere; the check says where.
    return {};
  }
}

function readPipeline(value: unknown): FormPipeline {
  const defaults = at(value, "defaults");
  return {
    name: textAt(value, "name") ?? "",
    description: textAt(value, "description"),
    n: at(defaults, "n"),
    k: at(defaults, "k"),
    maxCost: at(defaults, "max_cost"),
    maxJobs: at(defaults, "max_jobs"),
    steps: listAt(value, "steps").map((step, index) => readStep(step, index + 1)),
  };
}

function readStep(value: unknown, position: number): FormStep {
  const approvers = at(value, "approvers");
  return {
    position,
    type: typeOf(value),
    name: textAt(value, "name"),
    description: textAt(value, "description"),
    generator: textAt(value, "generator"),
    agent: textAt(value, "agent"),
    n: at(value, "n"),
    k: at(value, "k"),
    gate: textAt(value, "gate"),
    stallAfter: textAt(value, "stall_after"),
    approvers: Array.isArray(approvers) ? approvers.map(String) : [],
    quorum: at(value, "quorum"),
    excludeCreator: at(value, "exclude_creator") === true,
    minVotes: at(value, "min_votes"),
    minConfidence: at(value, "min_confidence"),
    failureBudget: at(value, "failure_budget"),
  };
}

/** A step without a type is an agent step; one that names a generator was meant to generate. */
function typeOf(value: unknown): StepType {
  const type = at(value, "type");
  if (type === "generate" || type === "approval" || type === "agent") return type;
  return at(value, "generator") === undefined ? "agent" : "generate";
}

function at(value: unknown, key: string): unknown {
  const inner = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return inner ?? undefined;
}

function textAt(value: unknown, key: string): string | undefined {
  const inner = at(value, key);
  return inner === undefined || typeof inner === "object" ? undefined : String(inner);
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const inner = at(value, key);
  return Array.isArray(inner) ? inner : [];
}

/** As the server reads it: the core schema, without the library's own check of keys, which takes long for many. */
export function parse(text: string, lines?: LineCounter): Document {
  return parseDocument(text, { schema: "core", uniqueKeys: false, ...(lines && { lineCounter: lines }) });
}
