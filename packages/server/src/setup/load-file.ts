import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import {
  type Generator,
  type GeneratorKind,
  InvalidPipelineError,
  type ParsedDocument,
  parseDocument,
} from "@sluice/engine";
import type { OperatorFileError } from "@sluice/schema";
import { hidingSecrets } from "./hiding-secrets.ts";

export interface FileOptions {
  /** Absolute path of the operator's file. */
  readonly file: string;
  readonly builtin: readonly Generator[];
  readonly kinds: readonly GeneratorKind[];
  /** Where programs elsewhere reach the API. */
  readonly origin: () => string;
  /** What `${NAME}` in the file stands for. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a good file sets up. */
export interface LoadedFile extends ParsedDocument {
  readonly loadedAt: Date;
}

/** What is wrong with the operator's file. */
export class OperatorsFileError extends Error implements OperatorFileError {
  override readonly name = "OperatorsFileError";
  readonly path: string | null;
  readonly line: number | null;

  constructor(message: string, { path = null, line = null }: Partial<OperatorFileError> = {}) {
    super(message);
    this.path = path;
    this.line = line;
  }
}

/** @throws OperatorsFileError */
export async function loadFile(options: FileOptions): Promise<LoadedFile> {
  const text = await readFile(options.file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new OperatorsFileError(
      error.code === "ENOENT"
        ? `${basename(options.file)} is not there.`
        : `${basename(options.file)} cannot be read (${error.code ?? error.name}).`,
    );
  });
  return readDocument(text, options);
}

function readDocument(text: string, { file, builtin, kinds, origin, environment }: FileOptions): LoadedFile {
  try {
    const parsed = parseDocument(text, {
      source: "operator",
      generators: new Map(builtin.map((generator) => [generator.name, generator])),
      operator: { kinds, environment, folder: dirname(file), origin },
    });
    const generators = new Map(
      [...parsed.generators].map(([name, declared]) => [name, { ...declared, generator: hidingSecrets(declared) }]),
    );
    return { ...parsed, generators, loadedAt: new Date() };
  } catch (error) {
    if (!(error instanceof InvalidPipelineError)) throw error;
    throw new OperatorsFileError(error.message, { path: error.path, line: error.line });
  }
}

/** `pipelines.yaml:6, pipelines[0].steps[0].generator: There is no generator named "gramar". …` */
export function located(file: string, { message, path, line }: OperatorFileError): string {
  return `${file}${line ? `:${line}` : ""}${path ? `, ${path}` : ""}: ${message}`;
}
