import { GeneratorError } from "@sluice/engine";
import type { z } from "zod";

/** A step's settings as a schema reads them: absent settings (null) count as an empty object. */
export function readStepConfig<Schema extends z.ZodObject>(
  generator: string,
  schema: Schema,
  config: unknown,
): { config: z.infer<Schema> } | { problem: string } {
  const parsed = schema.safeParse(config ?? {});
  if (parsed.success) return { config: parsed.data };
  const sentences = parsed.error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys") {
      const known = Object.keys(schema.shape).join(", ");
      const names = issue.keys.map((key) => `"${key}"`).join(", ");
      return `The generator "${generator}" has no setting ${names}; it has ${known}.`;
    }
    const name = issue.path.join(".");
    if (name === "")
      return `The settings of the generator "${generator}" must be a mapping, such as { ${Object.keys(schema.shape)[0]}: … }.`;
    return `The setting "${name}" of the generator "${generator}" ${issue.message}.`;
  });
  return { problem: sentences.join(" ") };
}

/** The settings, or an error that no retry can mend. */
export function requireStepConfig<Schema extends z.ZodObject>(
  generator: string,
  schema: Schema,
  config: unknown,
): z.infer<Schema> {
  const read = readStepConfig(generator, schema, config);
  if ("problem" in read) throw new GeneratorError(read.problem, { retryable: false });
  return read.config;
}
