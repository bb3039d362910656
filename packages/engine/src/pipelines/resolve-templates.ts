import { gateOf } from "../rules/gate-of.ts";
import type { ApprovalTemplate, StepDefinition } from "./definition.ts";
import type { TemplateEntry } from "./document.ts";
import { didYouMean } from "./nearest-name.ts";
import { POLICY_KEYS, resolvePolicy } from "./resolve-policy.ts";
import type { SourcePath, YamlSource } from "./yaml-source.ts";

type StepOfTemplate = TemplateEntry["steps"][number];

/**
 * The approval templates of a pipeline, with their steps found and their policies checked.
 *
 * @param path of the list
 * @throws InvalidPipelineError
 */
export function resolveTemplates(
  entries: readonly TemplateEntry[],
  steps: readonly StepDefinition[],
  { source, path }: { readonly source: YamlSource; readonly path: SourcePath },
): ApprovalTemplate[] {
  const names = new Set<string>();
  return entries.map(({ name, description, steps: chosen }, i) => {
    if (names.has(name)) {
      throw source.problem(`There are two approval templates named "${name}". Rename one.`, [...path, i, "name"]);
    }
    names.add(name);
    const positions = new Set<number>();
    return {
      name,
      description: description || null,
      steps: chosen.map((entry, j) => {
        const place = { source, path: [...path, i, "steps", j] };
        const resolved = resolveTemplateStep(entry, steps, place);
        if (positions.has(resolved.position)) {
          throw source.problem(`Step ${resolved.position} is in this template twice.`, [...place.path, "step"]);
        }
        positions.add(resolved.position);
        return resolved;
      }),
    };
  });
}

function resolveTemplateStep(
  entry: StepOfTemplate,
  steps: readonly StepDefinition[],
  place: { readonly source: YamlSource; readonly path: SourcePath },
): ApprovalTemplate["steps"][number] {
  const { source, path } = place;
  const position = findStep(entry.step, steps, place);
  const step = { ...(steps[position - 1] as StepDefinition), position };
  const hasPolicy = POLICY_KEYS.some((key) => entry[key] !== undefined);
  if (entry.k === undefined && !hasPolicy) {
    throw source.problem(
      'A step of an approval template needs "k", a policy, or both: alone it changes nothing.',
      path,
    );
  }
  if (entry.k !== undefined && gateOf(step, { gates: "on", reviewFirstStep: false }) === "OPEN") {
    throw source.problem('"k" has no effect on an open gate, which lets everything through.', [...path, "k"]);
  }
  const policy = resolvePolicy(entry, step, place);
  return { position, topK: entry.k ?? null, policy: hasPolicy ? policy : null };
}

/** @returns the position of the step that is meant */
function findStep(
  wanted: string | number,
  steps: readonly StepDefinition[],
  { source, path }: { readonly source: YamlSource; readonly path: SourcePath },
): number {
  const at = [...path, "step"];
  if (typeof wanted === "number") {
    if (steps[wanted - 1]) return wanted;
    throw source.problem(`There is no step ${wanted}: the pipeline has ${steps.length}.`, at);
  }
  const found = steps.flatMap(({ name }, index) => (name === wanted ? [index + 1] : []));
  if (found.length > 1) {
    throw source.problem(`Steps ${found.join(" and ")} are both named "${wanted}". Give the position instead.`, at);
  }
  if (found[0] !== undefined) return found[0];
  const names = steps.map(({ name }) => name);
  throw source.problem(
    `There is no step named "${wanted}".${didYouMean(wanted, names) || ` There is: ${names.map((name) => `"${name}"`).join(", ")}.`}`,
    at,
  );
}
