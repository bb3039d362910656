import { List, Text } from "@mantine/core";
import { useQuery } from "urql";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import type { TypedNumber } from "../../lib/typed-number.ts";
import { GATE_WORDS, KIND_WORDS, ownN } from "../pipelines/step-words.ts";

export const PipelineOutline_PipelineFragment = graphql(`
  fragment PipelineOutline_Pipeline on Pipeline {
    id
    name
    description
    defaultN
    defaultK
    steps {
      id
      position
      name
      kind
      description
      gate
      maxChildren
      topK
    }
  }
`);

/** Asked for the one that is chosen: those of all pipelines would be more than the server gives at once. */
const TemplateStepsQuery = graphql(`
  query TemplateSteps($pipeline: String!) {
    pipeline(name: $pipeline) {
      id
      approvalTemplates {
        name
        steps {
          position
          topK
        }
      }
    }
  }
`);

interface PipelineOutlineProps {
  readonly pipeline: FragmentType<typeof PipelineOutline_PipelineFragment>;
  /** N and K as somebody has set them for the run; undefined leaves each step its own. */
  readonly n: TypedNumber | undefined;
  readonly k: TypedNumber | undefined;
  /** Name of the approval template. */
  readonly template: string | undefined;
  /** Step 1 waits for a person whatever the pipeline says. */
  readonly reviewFirstStep: boolean;
}

/** What a run of this pipeline goes through, with the N and K that each step would really have. */
export function PipelineOutline({ pipeline: ref, n, k, template, reviewFirstStep }: PipelineOutlineProps) {
  const pipeline = readFragment(PipelineOutline_PipelineFragment, ref);
  const [{ data }] = useQuery({
    query: TemplateStepsQuery,
    variables: { pipeline: pipeline.name },
    pause: template === undefined,
  });
  const changed = data?.pipeline?.approvalTemplates.find(({ name }) => name === template)?.steps ?? [];
  return (
    <section aria-label="Steps">
      {pipeline.description !== null && (
        <Text size="sm" mb="xs">
          {pipeline.description}
        </Text>
      )}
      <List type="ordered" size="sm" spacing={2}>
        {pipeline.steps.map((step) => {
          const gate = reviewFirstStep && step.position === 1 ? "MANUAL" : step.gate;
          const ofTemplate = changed.find(({ position }) => position === step.position)?.topK;
          const numbers = [
            ...(step.kind === "APPROVAL" ? [] : [`N ${n ?? ownN(step) ?? pipeline.defaultN}`]),
            ...(gate === "OPEN" ? [] : [`K ${ofTemplate ?? k ?? step.topK ?? pipeline.defaultK}`]),
          ];
          return (
            <List.Item key={step.id}>
              {step.name}{" "}
              <Text span size="sm" c="dimmed">
                · {KIND_WORDS[step.kind]}, {GATE_WORDS[gate]}
                {numbers.length > 0 && ` · ${numbers.join(", ")}`}
                {step.description !== null && ` · ${step.description}`}
              </Text>
            </List.Item>
          );
        })}
      </List>
    </section>
  );
}
