import { z } from "zod";
import { pipelinesDocument } from "./document.ts";
import type { GeneratorKind } from "./generator-kind.ts";
import { isMapping } from "./is-mapping.ts";

/**
 * The JSON Schema of `pipelines.yaml`, for editors; made from what validates it. Whether names exist, and what goes together,
 * only loading the file tells.
 */
export function pipelinesJsonSchema(kinds: readonly GeneratorKind[]): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(pipelinesDocument(kinds), {
    // What editors read best.
    target: "draft-7",
    // As the file is written: before defaults are filled in and texts are turned into what they stand for.
    io: "input",
    unrepresentable: "any",
  });
  const properties = { ...schema.properties, generators: withReferences(schema.properties?.generators) };
  return { $schema, title: "pipelines.yaml of Sluice", ...schema, properties };
}

/** The JSON Schema of documents that come by the API: without what belongs to the operator's file. */
export function apiPipelinesJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = pipelinesJsonSchema([]);
  const { generators: _generators, agents: _agents, ...properties } = schema.properties as Record<string, unknown>;
  return { ...schema, title: "Pipelines for Sluice", properties };
}

/** Where `${NAME}` may stand for a text, how that text looks is known only once it is replaced. */
function withReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withReferences);
  if (!isMapping(schema)) return schema;
  const isText = schema.type === "string";
  const entries = Object.entries(schema)
    .filter(([word]) => !(isText && (word === "format" || word === "minLength")))
    .map(([word, value]) => {
      if (isText && word === "pattern") return [word, `(?:${String(value)})|\\$\\{`];
      // Its keys are the file's, which may be called as words of JSON Schema are.
      if (word === "properties" && isMapping(value)) return [word, ofEach(value)];
      // Keys are not replaced.
      return [word, word === "propertyNames" ? value : withReferences(value)];
    });
  return Object.fromEntries(entries);
}

function ofEach(schemas: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, withReferences(schema)]));
}
