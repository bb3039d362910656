import { type JSONSchema7, jsonSchema, type Schema } from "ai";
import { z } from "zod";

/** A JSON Schema that a model is given and its answer is held against. */
export interface ObjectSchema {
  readonly schema: Schema<unknown>;
  /** As it was written. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** @returns the schema, or what is wrong with it: the end of a sentence */
export function readObjectSchema(
  written: Readonly<Record<string, unknown>> | undefined,
): ObjectSchema | { problem: string } {
  if (!written) return { problem: 'is missing: an "output: object" needs the JSON Schema that an answer has to fit.' };
  if (written.type !== "object") return { problem: 'must be a JSON Schema of "type: object".' };
  let checks: z.ZodType;
  try {
    checks = z.fromJSONSchema(written as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    return { problem: `cannot be read as a JSON Schema: ${error instanceof Error ? error.message : String(error)}` };
  }
  return {
    json: written,
    // The SDK passes a plain JSON Schema on and checks nothing by it.
    schema: jsonSchema(written as JSONSchema7, {
      validate(value) {
        const parsed = checks.safeParse(value);
        if (parsed.success) return { success: true, value };
        return { success: false, error: new Error(z.prettifyError(parsed.error)) };
      },
    }),
  };
}
