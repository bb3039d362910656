import { useEffect, useState } from "react";
import type { JsonSchema } from "./schema-words.ts";

/** The JSON Schema of what may be applied; undefined while it is not there. Without it, the editor completes names alone. */
export function usePipelinesSchema(): JsonSchema | undefined {
  const [schema, setSchema] = useState<JsonSchema>();
  useEffect(() => {
    const left = new AbortController();
    read(left.signal).then(setSchema, () => {});
    return () => left.abort();
  }, []);
  return schema;
}

async function read(signal: AbortSignal): Promise<JsonSchema | undefined> {
  const response = await fetch("/schemas/pipelines.json", { signal });
  return response.ok ? ((await response.json()) as JsonSchema) : undefined;
}
