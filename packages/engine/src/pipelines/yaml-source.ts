import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import { InvalidPipelineError } from "../errors.ts";
import { nestedDeeperThan } from "./yaml-nesting.ts";

/** Keys and indexes that lead to a place in a document, such as `["pipelines", 0, "steps"]`. */
export type SourcePath = readonly PropertyKey[];

export interface YamlSource {
  readonly value: unknown;
  /** An error about the place at `path`, or about the nearest place around it that is in the document. */
  problem(message: string, path: SourcePath): InvalidPipelineError;
}

/** Far above any real file: parsing holds up the thread, so what it may cost is bounded. */
const OPERATORS_BYTES = 1_000_000;
/** What comes by the API holds up everybody else's requests: the worst that 128 kB can hold take about half a second. */
export const API_BYTES = 128_000;
/** Aliases may repeat what is written; this is what may come of it. */
const MAX_EXPANDED = 4_000_000;
/** What walks the values later, here and in PostgreSQL, is recursive. */
const MAX_DEPTH = 100;
const TOO_DEEP = "The document is nested too deeply.";

/**
 * Reads one YAML document as plain JSON values, and remembers where everything was.
 *
 * @throws InvalidPipelineError for what is not YAML, for values that JSON or PostgreSQL cannot hold, for tags, and for
 *   what is too large, too deep or grows too much through its aliases.
 */
export function readYaml(text: string, from: "operator" | "api"): YamlSource {
  const bytes = Buffer.byteLength(text);
  if (bytes > OPERATORS_BYTES) {
    throw new InvalidPipelineError("The document is larger than 1 MB. Split it, or leave out what is not a pipeline.");
  }
  if (from === "api" && bytes > API_BYTES) {
    throw new InvalidPipelineError(
      "The document is larger than 128 kB. Split it, or put its pipelines into the operator's file (SLUICE_PIPELINES).",
    );
  }
  const tooDeep = nestedDeeperThan(text, MAX_DEPTH);
  if (tooDeep !== undefined) {
    throw new InvalidPipelineError(TOO_DEEP, null, text.slice(0, tooDeep).split("\n").length);
  }
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const document = withoutStacks(() =>
    parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      // Named, so that a %YAML 1.1 directive does not bring back its types and merge keys.
      schema: "core",
      // The library compares each key with all before it: 20,000 keys (0.2 MB) took 8 s. Ours uses a set.
      uniqueKeys: false,
    }),
  );
  const error = document.errors[0] ?? document.warnings[0];
  if (error) {
    const message =
      error.code === "RESOURCE_EXHAUSTION" ? TOO_DEEP : `This is not valid YAML here: ${sentence(error.message)}`;
    throw new InvalidPipelineError(message, null, lineAt(error.pos[0]));
  }
  checkNodes(document, lineAt);
  return {
    value: toJson(document),
    problem: (message, path) => new InvalidPipelineError(message, formatPath(path), lineOf(document, path, lineAt)),
  };
}

/** The library collects every error, of which the first is used: 120,000 took 2.1 s with their stacks, 0.4 s without. */
function withoutStacks<Result>(parse: () => Result): Result {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return parse();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** `pipelines[0].steps[2].generator`; null for the document itself. */
function formatPath(path: SourcePath): string | null {
  const text = path.reduce<string>(
    (before, key) => (typeof key === "number" ? `${before}[${key}]` : `${before}${before ? "." : ""}${String(key)}`),
    "",
  );
  return text || null;
}

function lineOf(document: Document, path: SourcePath, lineAt: (offset: number) => number): number | null {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof key === "number") {
      node = node.items[key];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset === undefined ? null : lineAt(offset);
}

function startOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined;
}

/** Keys that come twice, and values that could not be stored. */
function checkNodes(document: Document, lineAt: (offset: number) => number): void {
  const refuse = (message: string, node: unknown): never => {
    const offset = startOf(node);
    throw new InvalidPipelineError(message, null, offset === undefined ? null : lineAt(offset));
  };
  visit(document, {
    Map(_key, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) refuse("A key must be a plain word.", map);
        else if (seen.has(key.value)) refuse(`The key "${String(key.value)}" is there twice.`, key);
        else seen.add(key.value);
      }
    },
    Scalar(_key, node) {
      const { value } = node;
      if (typeof value === "number" && !Number.isFinite(value)) refuse("A number must be finite.", node);
      if (typeof value === "string" && (value.includes("\0") || !value.isWellFormed())) {
        refuse("A text holds a null character or half a surrogate pair, which cannot be stored.", node);
      }
    },
  });
}

function toJson(document: Document): unknown {
  let json: string | undefined;
  try {
    json = JSON.stringify(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    // An alias without an anchor, one that holds itself, or hundreds that multiply each other.
    throw new InvalidPipelineError(`The document's aliases cannot be resolved. ${sentence((error as Error).message)}`);
  }
  if (json !== undefined && json.length > MAX_EXPANDED) {
    throw new InvalidPipelineError("The document is larger than 4 MB once its aliases are resolved.");
  }
  // Read back, nothing is shared any more between the places that named one anchor.
  const value: unknown = json === undefined ? null : JSON.parse(json);
  if (isDeeperThan(value, MAX_DEPTH)) throw new InvalidPipelineError(TOO_DEEP);
  return value;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function sentence(text: string): string {
  const first = text.split("\n")[0] ?? text;
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** The texts of the section `generators`, of a document that need not be right; they may name files. */
export function textsOfGenerators(text: string): string[] {
  if (Buffer.byteLength(text) > OPERATORS_BYTES || nestedDeeperThan(text, MAX_DEPTH) !== undefined) return [];
  const document = withoutStacks(() => parseDocument(text, { prettyErrors: false, schema: "core", uniqueKeys: false }));
  const section = isMap(document.contents) ? document.contents.get("generators", true) : undefined;
  const texts: string[] = [];
  if (isMap(section) || isSeq(section)) {
    visit(section, {
      Scalar(_key, { value }) {
        if (typeof value === "string") texts.push(value);
      },
    });
  }
  return texts;
}
