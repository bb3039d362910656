import { Text, Title } from "@mantine/core";
import { Row, Rows } from "../../components/rows.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";

export const PipelineTemplates_PipelineFragment = graphql(`
  fragment PipelineTemplates_Pipeline on Pipeline {
    id
    steps {
      id
      position
      name
    }
    approvalTemplates {
      name
      description
      steps {
        position
        topK
        policy {
          summary
        }
      }
    }
  }
`);

interface PipelineTemplatesProps {
  readonly pipeline: FragmentType<typeof PipelineTemplates_PipelineFragment>;
}

/** The sets of K and policies that a run may be created with; nothing where there are none. */
export function PipelineTemplates({ pipeline: ref }: PipelineTemplatesProps) {
  const { approvalTemplates, steps } = readFragment(PipelineTemplates_PipelineFragment, ref);
  if (approvalTemplates.length === 0) return null;
  const nameAt = (position: number) => steps.find((step) => step.position === position)?.name;
  return (
    <section aria-label="Approval templates">
      <Title order={2} size="h5" mb="xs">
        Approval templates
      </Title>
      <Rows label="Approval templates">
        {approvalTemplates.map((template) => (
          <Row key={template.name}>
            <Text fw={600} size="sm">
              {template.name}
            </Text>
            {template.description !== null && <Text size="sm">{template.description}</Text>}
            {template.steps.map(({ position, topK, policy }) => (
              <Text size="sm" c="dimmed" key={position}>
                Step {position}, {nameAt(position)}
                {topK !== null && ` · K ${topK}`}
                {policy?.summary && ` · ${policy.summary}`}
              </Text>
            ))}
          </Row>
        ))}
      </Rows>
    </section>
  );
}
