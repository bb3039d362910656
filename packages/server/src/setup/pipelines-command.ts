import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SetupError } from "@sluice/db";
import { type GeneratorKind, type PipelineDefinition, pipelinesJsonSchema } from "@sluice/engine";
import { builtinGenerators } from "@sluice/generators";
import { type OperatorsRegistry, openRegistry } from "./open-registry.ts";

export const PIPELINES_USAGE = `  pipelines check FILE               whether a pipelines.yaml is right, without a database; errors name line and path
      [--connect]                    also asks each generator's server, and says what is missing
  pipelines schema                   prints the JSON Schema of pipelines.yaml, for editors
`;

export interface PipelinesCommandDeps {
  readonly kinds: readonly GeneratorKind[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * `sluice pipelines …`.
 *
 * @returns what to print, and whether all is well
 * @throws SetupError for a file that is wrong, with file, line and path, and for arguments that are
 */
export async function pipelinesCommand(
  args: readonly string[],
  { kinds, environment }: PipelinesCommandDeps,
): Promise<{ text: string; ok: boolean }> {
  const { action, file, connect } = readArguments(args);
  if (action === "schema") return { text: JSON.stringify(pipelinesJsonSchema(kinds), null, 2), ok: true };
  await using builtin = builtinGenerators();
  const registry = await openRegistry({
    file: resolve(file),
    builtin: builtin.generators,
    kinds,
    environment,
    // Nothing is made here, so nobody is told an address.
    origin: () => "http://127.0.0.1:4000",
  });
  const health = connect ? await healthOf(registry, registry.declared()) : [];
  return {
    text: [...summaryOf(registry, file), ...health.map(({ line }) => line)].join("\n"),
    ok: health.every(({ ok }) => ok),
  };
}

function readArguments(args: readonly string[]): { action: "check" | "schema"; file: string; connect: boolean } {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { connect: { type: "boolean" } },
    });
    const [action, file, more] = positionals;
    if (action !== "check" && action !== "schema") throw new Error("Say what to do with pipelines: check or schema.");
    if (action === "check" && !file) throw new Error("Say which file to check.");
    if (more !== undefined || (action === "schema" && file)) throw new Error(`"${more ?? file}" is one word too many.`);
    return { action, file: file ?? "", connect: values.connect ?? false };
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n\n${PIPELINES_USAGE}`);
  }
}

function summaryOf(registry: OperatorsRegistry, file: string): string[] {
  const pipelines = registry.pipelines();
  const names = registry.declared();
  const counts = [
    counted(pipelines.length, "pipeline"),
    counted(registry.agents().size, "agent"),
    counted(names.length, "generator"),
  ];
  return [
    `${file} is right: ${counts.join(", ")}.`,
    ...pipelines.map(({ name, steps }) => `  pipeline ${name}: ${counted(steps.length, "step")}`),
    ...names.map((name) => `  generator ${name}: ${registry.kindOf(name)}`),
    ...pipelines.flatMap((pipeline) => cautionsOf(registry, pipeline)),
  ];
}

/** What is allowed, and leads to something that nobody may want. */
function cautionsOf(registry: OperatorsRegistry, { name, defaultN, steps }: PipelineDefinition): string[] {
  return steps.flatMap(({ generator, config, maxChildren, kind }, index) => {
    const n = maxChildren ?? (kind === "AGENT" ? 1 : defaultN);
    const cautions = generator === null ? [] : (registry.generators().get(generator)?.cautions?.(config, n) ?? []);
    return cautions.map(
      (caution) => `warning  pipeline ${name}, step ${index + 1} (${steps[index]?.name}): ${caution}`,
    );
  });
}

async function healthOf(
  registry: OperatorsRegistry,
  names: readonly string[],
): Promise<{ line: string; ok: boolean }[]> {
  return await Promise.all(
    names.map(async (name) => {
      const { ok, detail } = await registry.check(name);
      return { line: `${ok ? "ok" : "NOT READY"}  ${name}: ${detail}`, ok };
    }),
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
