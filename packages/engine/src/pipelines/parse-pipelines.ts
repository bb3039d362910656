import type { AgentCatalog, GeneratorCatalog } from "./catalogs.ts";
import { type PipelineDefinition, pipelineDefaults } from "./definition.ts";
import { type PipelineEntry, type PipelinesDocument, pipelinesDocument } from "./document.ts";
import { explainIssue } from "./explain-issue.ts";
import { refuseOperatorsParts } from "./operator-only.ts";
import { resolveAgents, unknownGenerator } from "./resolve-agents.ts";
import { resolveStep } from "./resolve-step.ts";
import { resolveTemplates } from "./resolve-templates.ts";
import { readYaml, type YamlSource } from "./yaml-source.ts";

export interface ParseOptions {
  /** Whose document it is: the operator's file may declare agents and generators, what comes by the API may not. */
  readonly source: "operator" | "api";
  /** What this installation has, what the operator's file declares included. */
  readonly generators: GeneratorCatalog;
  /** Agents that exist already; those of an operator's document are added to them. */
  readonly agents?: AgentCatalog | undefined;
}

export interface ParsedDocument {
  readonly pipelines: readonly PipelineDefinition[];
  /** Those of the options and of the document. */
  readonly agents: AgentCatalog;
}

/**
 * Reads and checks a `pipelines.yaml`.
 *
 * @throws InvalidPipelineError for the first thing that is wrong, with its path and its line (from 1).
 */
export function parsePipelines(text: string, options: ParseOptions): ParsedDocument["pipelines"] {
  return parseDocument(text, options).pipelines;
}

/** The same with the agents, for who keeps them: pipelines that come by the API may use the operator's agents. */
export function parseDocument(text: string, options: ParseOptions): ParsedDocument {
  const source = readYaml(text, options.source);
  if (options.source === "api") refuseOperatorsParts(source);
  const document = checkShape(source);
  checkGenerators(source, document, options.generators);
  const agents = new Map([
    ...(options.agents ?? []),
    ...resolveAgents(source, document.agents ?? [], options.generators),
  ]);
  const names = new Set<string>();
  const pipelines = document.pipelines.map((entry, i) => {
    if (names.has(entry.name)) {
      throw source.problem(`There are two pipelines named "${entry.name}". Rename one.`, ["pipelines", i, "name"]);
    }
    names.add(entry.name);
    return resolvePipeline(entry, i, { source, generators: options.generators, agents });
  });
  return { pipelines, agents };
}

function checkShape(source: YamlSource): PipelinesDocument {
  if (source.value === null) {
    throw source.problem('The document is empty. It needs "pipelines", a list of at least one pipeline.', []);
  }
  const parsed = pipelinesDocument.safeParse(source.value, { error: explainIssue, reportInput: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const misspelt = new Set(
    issues.filter(({ code }) => code === "unrecognized_keys").map(({ path }) => path.join("\0")),
  );
  const problems = issues
    // Where a key is misspelt, the same key is missing too: only the first says what to do.
    .filter(({ path, input }) => !(input === undefined && misspelt.has(path.slice(0, -1).join("\0"))))
    .map((issue) =>
      source.problem(
        issue.message,
        issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path,
      ),
    );
  // The one that is read first; those of one line stay in order.
  throw problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))[0];
}

/** What is declared is there, because whoever starts the installation has built it from the same section. */
function checkGenerators(source: YamlSource, { generators = [] }: PipelinesDocument, catalog: GeneratorCatalog): void {
  const names = new Set<string>();
  for (const [i, { name, kind }] of (generators ?? []).entries()) {
    if (names.has(name)) {
      throw source.problem(`There are two generators named "${name}". Rename one.`, ["generators", i, "name"]);
    }
    names.add(name);
    if (!catalog.has(name)) {
      throw source.problem(
        `Generator "${name}" is of the kind "${kind}", which this installation does not have. ${unknownGenerator(name, catalog)}`,
        ["generators", i, "kind"],
      );
    }
  }
}

function resolvePipeline(
  entry: PipelineEntry,
  index: number,
  context: { source: YamlSource; generators: GeneratorCatalog; agents: AgentCatalog },
): PipelineDefinition {
  const path = ["pipelines", index, "steps"];
  if (entry.steps[0]?.type === "approval") {
    throw context.source.problem(
      "The first step is an approval, but nothing comes before it to approve. Put a step that generates in front of it.",
      [...path, 0],
    );
  }
  const steps = entry.steps.map((step, i) => resolveStep(step, { ...context, path: [...path, i], position: i + 1 }));
  return {
    name: entry.name,
    description: entry.description || null,
    defaultN: entry.defaults?.n ?? pipelineDefaults.defaultN,
    defaultK: entry.defaults?.k ?? pipelineDefaults.defaultK,
    ratingModel: entry.ratings === "elo" ? "ELO" : "BRADLEY_TERRY",
    approvalTemplates: resolveTemplates(entry.approval_templates ?? [], steps, {
      source: context.source,
      path: ["pipelines", index, "approval_templates"],
    }),
    steps,
  };
}
