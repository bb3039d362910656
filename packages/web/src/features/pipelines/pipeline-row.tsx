import { Anchor, Badge, Button, Group, Text, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Row } from "../../components/rows.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { counted } from "../../lib/words.ts";
import { missingGenerators, wordsForMissing } from "./missing-generators.ts";

export const PipelineRow_PipelineFragment = graphql(`
  fragment PipelineRow_Pipeline on Pipeline {
    id
    name
    version
    description
    fromOperatorFile
    runCount
    lastRun {
      id
      number
      createdAt
    }
    steps {
      id
      name
      generator
    }
  }
`);

interface PipelineRowProps {
  readonly pipeline: FragmentType<typeof PipelineRow_PipelineFragment>;
  /** Undefined until they are there. */
  readonly generators: ReadonlySet<string> | undefined;
  readonly mayStart: boolean;
}

/** One pipeline: what it goes through, who uses it, and the way to a run of it. */
export function PipelineRow({ pipeline: ref, generators, mayStart }: PipelineRowProps) {
  const pipeline = readFragment(PipelineRow_PipelineFragment, ref);
  const { name, version, description, steps, runCount, lastRun } = pipeline;
  const problem = generators && wordsForMissing(missingGenerators(pipeline, generators));
  return (
    <Row
      stacks
      actions={
        mayStart && (
          <Tooltip label={problem} disabled={problem === undefined}>
            <Button
              size="xs"
              variant="default"
              aria-label={`Start a run of ${name}`}
              {...(problem === undefined
                ? { renderRoot: (root) => <Link to="/runs/new" search={{ pipeline: name }} {...root} /> }
                : { "data-disabled": true, "aria-disabled": true })}
            >
              Start a run
            </Button>
          </Tooltip>
        )
      }
    >
      <Group gap="xs">
        <Anchor
          renderRoot={(root) => <Link to="/pipelines/$name" params={{ name }} {...root} />}
          fw={600}
          c="inherit"
          underline="hover"
        >
          {name}
        </Anchor>
        <Text size="xs" c="dimmed">
          version {version}
        </Text>
        {pipeline.fromOperatorFile && (
          <Badge variant="default" size="sm" tt="none" radius="sm">
            Operator's file
          </Badge>
        )}
      </Group>
      {description !== null && <Text size="sm">{description}</Text>}
      <Text size="sm" c="dimmed">
        {steps.map((step) => step.name).join(" → ")}
      </Text>
      <Text size="xs" c="dimmed">
        {runCount === 0 ? "No run yet" : counted(runCount, "run")}
        {lastRun && (
          <>
            , the last{" "}
            <Anchor
              renderRoot={(root) => <Link to="/runs/$runId" params={{ runId: lastRun.id }} {...root} />}
              inherit
              c="inherit"
              underline="always"
            >
              #{lastRun.number}
            </Anchor>{" "}
            <RelativeTime at={lastRun.createdAt} />
          </>
        )}
      </Text>
      {problem !== undefined && (
        <Text size="sm" c="var(--sluice-danger)">
          {problem} No run can be started until it is back or the pipeline is changed.
        </Text>
      )}
    </Row>
  );
}
