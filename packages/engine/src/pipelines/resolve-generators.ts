import type { Generator } from "../jobs/generator.ts";
import type { GeneratorCatalog } from "./catalogs.ts";
import type { Environment } from "./environment.ts";
import type { GeneratorEntry } from "./generator-entries.ts";
import { type GeneratorKind, type GeneratorKindContext, GeneratorSettingsError } from "./generator-kind.ts";
import type { SourcePath, YamlSource } from "./yaml-source.ts";

/** What the operator's file may set up, and with what. */
export interface OperatorOptions extends GeneratorKindContext {
  readonly kinds: readonly GeneratorKind[];
  /** What `${NAME}` stands for. */
  readonly environment: Environment;
}

/** A generator of the operator's file. */
export interface DeclaredGenerator {
  readonly kind: string;
  readonly generator: Generator;
  /** What it was made from, values of the environment included: for whoever looks which files it names. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A text without the values that came from the environment. */
  hide(text: string): string;
}

/** The kind of an agent that names no generator: the form in which `opencode_agent` is written alone. */
export const OPENCODE = "opencode";
/** Where `opencode serve` listens unless it is told otherwise. */
const USUAL_ADDRESS = "http://127.0.0.1:4096";

/**
 * Makes the generators that a document declares.
 *
 * @param builtin whose names cannot be taken
 * @throws InvalidPipelineError for a name that comes twice or is taken, and for settings that a kind refuses
 */
export function resolveGenerators(
  entries: readonly GeneratorEntry[],
  {
    source,
    builtin,
    operator,
    hides,
  }: {
    source: YamlSource;
    builtin: GeneratorCatalog;
    operator: OperatorOptions;
    /** Of each entry. */
    hides: readonly ((text: string) => string)[];
  },
): Map<string, DeclaredGenerator> {
  const declared = new Map<string, DeclaredGenerator>();
  for (const [i, { name, kind, ...settings }] of entries.entries()) {
    const path = ["generators", i];
    if (builtin.has(name)) {
      throw source.problem(`"${name}" is a built-in generator. Give this one another name.`, [...path, "name"]);
    }
    if (declared.has(name)) {
      throw source.problem(`There are two generators named "${name}". Rename one.`, [...path, "name"]);
    }
    const hide = hides[i] ?? ((text) => text);
    const generator = make({ name, kind, settings }, { source, path, operator, hide });
    declared.set(name, { kind, generator, settings, hide });
  }
  return declared;
}

/**
 * The OpenCode server that agents without a generator mean where none is declared: the one at its usual address. Nothing,
 * where there is no such kind, or where it cannot do without settings.
 */
export function impliedOpencode(operator: OperatorOptions): DeclaredGenerator | undefined {
  const kind = operator.kinds.find((candidate) => candidate.kind === OPENCODE);
  const settings = kind?.settings.safeParse({ url: USUAL_ADDRESS });
  if (!kind || !settings?.success) return undefined;
  const generator = kind.create(OPENCODE, settings.data, operator);
  return { kind: OPENCODE, generator, settings: settings.data, hide: (text) => text };
}

function make(
  { name, kind, settings }: { name: string; kind: string; settings: Readonly<Record<string, unknown>> },
  context: { source: YamlSource; path: SourcePath; operator: OperatorOptions; hide(text: string): string },
): Generator {
  const { source, path, operator, hide } = context;
  const maker = operator.kinds.find((candidate) => candidate.kind === kind);
  if (!maker) throw source.problem(`There is no kind of generator "${kind}".`, [...path, "kind"]);
  try {
    return maker.create(name, settings, operator);
  } catch (error) {
    if (!(error instanceof GeneratorSettingsError)) throw error;
    throw source.problem(hide(error.message), [...path, ...error.path]);
  }
}
