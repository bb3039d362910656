import { isMapping } from "./is-mapping.ts";
import type { SourcePath, YamlSource } from "./yaml-source.ts";

/** Settings that say what is run, or where requests go and with which keys. */
const KEYS = new Set(
  ["argv", "command", "cmd", "exec", "shell", "cwd", "env", "url", "base_url", "endpoint", "headers", "api_key"].map(
    fold,
  ),
);
/** Of any scheme, or of none: `//host/path` goes to a host too. */
const ADDRESS = /[a-z\d+.-]:\/\/|^\s*\/\/|\bdata:\w+\/|\$\{\w+\}/i;

/**
 * What comes through the API may only arrange what the operator has set up: it declares no generators and agents, and
 * its step configs run nothing, name no address and reach for no environment variable.
 *
 * @throws InvalidPipelineError at the first place that does.
 */
export function refuseOperatorsParts(source: YamlSource): void {
  const { value } = source;
  if (!isMapping(value)) return;
  for (const section of ["generators", "agents"]) {
    if (section in value) {
      throw source.problem(
        `"${section}" belongs to the operator's file (SLUICE_PIPELINES). Leave it out here, and use what is declared there.`,
        [section],
      );
    }
  }
  for (const [i, pipeline] of list(value.pipelines)) {
    for (const [j, step] of list(isMapping(pipeline) ? pipeline.steps : undefined)) {
      if (isMapping(step)) refuseIn(source, step.config, ["pipelines", i, "steps", j, "config"]);
    }
  }
}

function refuseIn(source: YamlSource, value: unknown, path: SourcePath): void {
  if (typeof value === "string" && ADDRESS.test(value)) {
    throw source.problem("Addresses and environment variables belong to the operator's file (SLUICE_PIPELINES).", path);
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Array.isArray(value) ? list(value) : Object.entries(value)) {
    const at = [...path, key];
    if (typeof key === "string" && KEYS.has(fold(key))) {
      throw source.problem(
        `"${key}" says what is run or where requests go: that belongs to the operator's file (SLUICE_PIPELINES).`,
        at,
      );
    }
    refuseIn(source, inner, at);
  }
}

/** `baseURL`, `base_url` and `base-url` are one key. */
function fold(key: string): string {
  return key.toLowerCase().replaceAll(/[_-]/g, "");
}

function list(value: unknown): [number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : [];
}
