import { Text, Title } from "@mantine/core";
import { Row, Rows } from "../../components/rows.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { capital } from "../../lib/words.ts";
import { GATE_WORDS, KIND_WORDS, ownN } from "./step-words.ts";

export const PipelineSteps_PipelineFragment = graphql(`
  fragment PipelineSteps_Pipeline on Pipeline {
    id
    defaultN
    defaultK
    steps {
      id
      position
      name
      kind
      description
      generator
      gate
      maxChildren
      topK
      policy {
        summary
      }
    }
  }
`);

interface PipelineStepsProps {
  readonly pipeline: FragmentType<typeof PipelineSteps_PipelineFragment>;
}

/** What a run goes through, with who decides what on the way. */
export function PipelineSteps({ pipeline: ref }: PipelineStepsProps) {
  const { steps, defaultN, defaultK } = readFragment(PipelineSteps_PipelineFragment, ref);
  return (
    <section aria-label="Steps">
      <Title order={2} size="h5" mb="xs">
        Steps
      </Title>
      <Rows label="Steps in order">
        {steps.map((step) => (
          <Row key={step.id}>
            <Text fw={600} size="sm">
              {step.position}. {step.name}
            </Text>
            <Text size="sm">
              {capital(KIND_WORDS[step.kind])}
              {step.generator !== null && ` with ${step.generator}`}, {GATE_WORDS[step.gate]}
              {step.kind !== "APPROVAL" && ` · N ${ownN(step) ?? defaultN}`}
              {step.gate !== "OPEN" && ` · K ${step.topK ?? defaultK}`}
            </Text>
            {step.description !== null && (
              <Text size="sm" c="dimmed" style={{ whiteSpace: "pre-line" }}>
                {step.description}
              </Text>
            )}
            {step.policy.summary !== null && <Text size="sm">{step.policy.summary}</Text>}
          </Row>
        ))}
      </Rows>
    </section>
  );
}
