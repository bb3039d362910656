import { printSchema } from "graphql";
import { schema } from "./schema.ts";

/** The schema as text, its types in the order of their names: what `schema.graphql` holds. */
export function printedSchema(): string {
  return `${printSchema(schema)}\n`;
}
