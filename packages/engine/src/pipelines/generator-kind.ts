import type { z } from "zod";
import type { Generator } from "../jobs/generator.ts";
import type { Environment } from "./environment.ts";
import type { SourcePath } from "./yaml-source.ts";

/** A kind of generator that the operator's file may declare: `{ name, kind, … }` in its section `generators`. */
export interface GeneratorKind<Settings extends z.ZodObject = z.ZodObject> {
  /** What an entry says as its `kind`. */
  readonly kind: string;
  /** What it is, in a sentence: shown by editors. */
  readonly description: string;
  /**
   * What an entry says beside `name` and `kind`; strict, snake_case, every key described. It checks what is written there,
   * and is what the published JSON Schema is made from. `${NAME}` within a text has been replaced from the environment.
   */
  readonly settings: Settings;
  /**
   * Makes the generator that an entry declares. It looks at files, and asks nobody: that is `Generator.check`'s.
   *
   * @throws GeneratorSettingsError
   */
  create(name: string, settings: z.infer<Settings>, context: GeneratorKindContext): Generator;
}

export interface GeneratorKindContext {
  /** Folder of the operator's file: relative paths in it are from there. */
  readonly folder: string;
  /** Where programs elsewhere reach the API, without a slash at its end, such as `http://127.0.0.1:4000`. */
  readonly origin: () => string;
  /** This process's: what programs that a generator starts are given some of. */
  readonly environment: Environment;
}

/** What is wrong with an entry, where its schema cannot say it. */
export class GeneratorSettingsError extends Error {
  override readonly name = "GeneratorSettingsError";
  /** Keys within the entry. */
  readonly path: SourcePath;

  constructor(message: string, path: SourcePath) {
    super(message);
    this.path = path;
  }
}

/** Keeps the types of the settings and of `create` together. */
export function defineKind<Settings extends z.ZodObject>(kind: GeneratorKind<Settings>): GeneratorKind {
  return kind as unknown as GeneratorKind;
}
