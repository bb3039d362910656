import { List, Text } from "@mantine/core";
import type { GatePolicy, StepKind } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";

export const PipelineOutline_PipelineFragment = graphql(`
  fragment PipelineOutline_Pipeline on Pipeline {
    id
    description
    steps {
      id
      position
      name
      kind
      description
      gate
      maxChildren
    }
  }
`);

const GATE_WORDS = {
  MANUAL: "a person opens the gate",
  AUTO: "the gate opens by itself",
  OPEN: "no gate",
} as const satisfies Record<GatePolicy, string>;

const KIND_WORDS = {
  GENERATE: "generates",
  AGENT: "an agent works",
  APPROVAL: "approval",
} as const satisfies Record<StepKind, string>;

/** What a step makes per parent whatever the run's N, unless somebody asks for another one; undefined where it has none. */
export function ownN({ kind, maxChildren }: { kind: StepKind; maxChildren: number | null }): number | undefined {
  if (kind === "APPROVAL") return undefined;
  return maxChildren ?? (kind === "AGENT" ? 1 : undefined);
}

/** What a run of this pipeline goes through. */
export function PipelineOutline(props: { readonly pipeline: FragmentType<typeof PipelineOutline_PipelineFragment> }) {
  const pipeline = readFragment(PipelineOutline_PipelineFragment, props.pipeline);
  return (
    <section aria-label="Steps">
      {pipeline.description !== null && (
        <Text size="sm" mb="xs">
          {pipeline.description}
        </Text>
      )}
      <List type="ordered" size="sm" spacing={2}>
        {pipeline.steps.map((step) => (
          <List.Item key={step.id}>
            {step.name}{" "}
            <Text span size="sm" c="dimmed">
              · {KIND_WORDS[step.kind]}, {GATE_WORDS[step.gate]}
              {ownN(step) !== undefined && `, N = ${ownN(step)}`}
              {step.description !== null && ` · ${step.description}`}
            </Text>
          </List.Item>
        ))}
      </List>
    </section>
  );
}
