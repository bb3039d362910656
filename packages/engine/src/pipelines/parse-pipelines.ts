import { DeclaredInFileError, InvalidPipelineError } from "../errors.ts";
import type { AgentCatalog, GeneratorCatalog } from "./catalogs.ts";
import { checkShape } from "./check-shape.ts";
import type { PipelineDefinition } from "./definition.ts";
import type { PipelinesDocument } from "./document.ts";
import { expandEnvironment } from "./environment.ts";
import { isMapping } from "./is-mapping.ts";
import { refuseOperatorsParts } from "./operator-only.ts";
import { resolveAgents } from "./resolve-agents.ts";
import {
  type DeclaredGenerator,
  impliedOpencode,
  OPENCODE,
  type OperatorOptions,
  resolveGenerators,
} from "./resolve-generators.ts";
import { resolvePipeline } from "./resolve-pipeline.ts";
import { readYaml, type YamlSource } from "./yaml-source.ts";

export interface ParseOptions {
  /** Whose document it is: the operator's file may declare agents and generators, what comes by the API may not. */
  readonly source: "operator" | "api";
  /** The generators that exist already: built-in ones, and for the API those of the operator's file. */
  readonly generators: GeneratorCatalog;
  /** Agents that exist already; those of an operator's document are added to them. */
  readonly agents?: AgentCatalog | undefined;
  /** What an operator's document may set up; nothing, where it is left out. */
  readonly operator?: OperatorOptions | undefined;
  /** Pipelines that may not be replaced: the operator's file, by its name, that declares each. */
  readonly declared?: ReadonlyMap<string, string> | undefined;
}

export interface ParsedDocument {
  readonly pipelines: readonly PipelineDefinition[];
  /** Those of the options and of the document. */
  readonly agents: AgentCatalog;
  /** The generators that the document declares, made; in its order. */
  readonly generators: ReadonlyMap<string, DeclaredGenerator>;
}

const NOTHING: OperatorOptions = { kinds: [], environment: {}, folder: ".", origin: () => "" };

/**
 * Reads and checks a `pipelines.yaml`.
 *
 * @throws InvalidPipelineError for the first thing that is wrong, with its path and its line (from 1).
 */
export function parsePipelines(text: string, options: ParseOptions): ParsedDocument["pipelines"] {
  return parseDocument(text, options).pipelines;
}

/** The same with the generators and agents, for who keeps them: pipelines that come by the API may use the operator's. */
export function parseDocument(text: string, options: ParseOptions): ParsedDocument {
  const { problems, ...parsed } = readDocument(text, options);
  if (problems[0]) throw problems[0];
  return parsed;
}

/** What is wrong with a document at one place. */
export type PipelineProblem = Pick<InvalidPipelineError, "message" | "path" | "line">;

export interface PipelinesCheck {
  readonly problems: readonly PipelineProblem[];
  /** The names of its pipelines, in its order, where nothing is wrong. */
  readonly pipelines: readonly string[];
}

/** More than anybody mends before looking again. */
const MAX_PROBLEMS = 100;

/**
 * All that is wrong with a document as far as it can be told at once: names are looked up where the document has the
 * shape that it should have, and of each pipeline the first that is wrong with them is told.
 *
 * @returns with the names of its pipelines, where nothing is wrong; 100 problems at most
 */
export function checkPipelines(text: string, options: ParseOptions): PipelinesCheck {
  try {
    const { problems, pipelines } = readDocument(text, options);
    return problems.length > 0
      ? { problems: problems.slice(0, MAX_PROBLEMS).map(inWords), pipelines: [] }
      : { problems: [], pipelines: pipelines.map(({ name }) => name) };
  } catch (error) {
    if (error instanceof InvalidPipelineError) return { problems: [inWords(error)], pipelines: [] };
    throw error;
  }
}

function inWords({ message, path, line }: InvalidPipelineError): PipelineProblem {
  return { message, path, line };
}

/** @throws InvalidPipelineError for what leaves nothing else to look at */
function readDocument(
  text: string,
  options: ParseOptions,
): ParsedDocument & { readonly problems: readonly InvalidPipelineError[] } {
  const written = readYaml(text, options.source);
  if (options.source === "api") refuseOperatorsParts(written);
  const operator = options.operator ?? NOTHING;
  const { source, hides } = expandGenerators(written, operator);
  const shape = checkShape(source, operator.kinds, hides);
  if ("problems" in shape) return { pipelines: [], agents: new Map(), generators: new Map(), problems: shape.problems };
  const { document } = shape;
  const declared = resolveGenerators(document.generators ?? [], {
    source,
    builtin: options.generators,
    operator,
    hides,
  });
  const opencode = opencodeOf(document, declared, options, operator);
  const generators: GeneratorCatalog = new Map([
    ...options.generators,
    ...[...declared].map(([name, { generator }]) => [name, generator] as const),
  ]);
  const agents = new Map([
    ...(options.agents ?? []),
    ...resolveAgents(document.agents ?? [], { source, generators, opencode }),
  ]);
  return {
    ...resolvePipelines(document, { source, generators, agents }, options.declared),
    agents,
    generators: declared,
  };
}

function resolvePipelines(
  document: PipelinesDocument,
  context: Parameters<typeof resolvePipeline>[2],
  declared: ReadonlyMap<string, string> = new Map(),
): { pipelines: PipelineDefinition[]; problems: InvalidPipelineError[] } {
  const names = new Set<string>();
  const pipelines: PipelineDefinition[] = [];
  const problems: InvalidPipelineError[] = [];
  for (const [i, entry] of document.pipelines.entries()) {
    try {
      if (names.has(entry.name)) {
        const message = `There are two pipelines named "${entry.name}". Rename one.`;
        throw context.source.problem(message, ["pipelines", i, "name"]);
      }
      names.add(entry.name);
      const file = declared.get(entry.name);
      if (file !== undefined) {
        throw context.source.problem(new DeclaredInFileError(entry.name, file).message, ["pipelines", i, "name"]);
      }
      pipelines.push(resolvePipeline(entry, i, context));
    } catch (error) {
      if (!(error instanceof InvalidPipelineError)) throw error;
      problems.push(error);
    }
  }
  return { pipelines, problems };
}

/** The document with the environment's values in its section `generators`, and nowhere else: what steps say is stored. */
function expandGenerators(
  source: YamlSource,
  { environment }: OperatorOptions,
): { source: YamlSource; hides: ((text: string) => string)[] } {
  const entries = isMapping(source.value) ? source.value.generators : undefined;
  if (!Array.isArray(entries)) return { source, hides: [] };
  const expanded = entries.map((entry: unknown, i) => {
    if (!isMapping(entry)) return { value: entry, hide: (text: string) => text };
    const { name, kind, ...settings } = entry;
    const { value, hide } = expandEnvironment(settings, { source, path: ["generators", i], environment });
    const named = { ...("name" in entry && { name }), ...("kind" in entry && { kind }) };
    return { value: { ...named, ...(value as object) }, hide };
  });
  const value = { ...(source.value as object), generators: expanded.map((entry) => entry.value) };
  return { source: { ...source, value }, hides: expanded.map(({ hide }) => hide) };
}

/** What agents without a generator mean; added to what is declared where nothing is and the usual one would do. */
function opencodeOf(
  document: PipelinesDocument,
  declared: Map<string, DeclaredGenerator>,
  { generators }: ParseOptions,
  operator: OperatorOptions,
): readonly string[] {
  const names = [...declared].filter(([, { kind }]) => kind === OPENCODE).map(([name]) => name);
  if (names.includes(OPENCODE) || generators.has(OPENCODE)) return [OPENCODE];
  if (names.length > 0 || declared.has(OPENCODE) || !document.agents?.some(({ generator }) => !generator)) return names;
  const implied = impliedOpencode(operator);
  if (!implied) return [];
  declared.set(OPENCODE, implied);
  return [OPENCODE];
}
