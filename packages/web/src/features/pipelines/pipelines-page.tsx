import { Button, Container, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { PlusIcon } from "../../components/icons.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { Paged } from "../../components/paged.tsx";
import { Rows } from "../../components/rows.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { useMay } from "../../lib/viewer.ts";
import { byName } from "./by-name.ts";
import { useKnownGenerators } from "./missing-generators.ts";
import { PipelineRow } from "./pipeline-row.tsx";

const PipelinesQuery = graphql(`
  query Pipelines($after: String) {
    pipelines(first: 100, after: $after) {
      edges {
        cursor
        node {
          id
          name
          ...PipelineRow_Pipeline
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** What runs can be made of. */
export function PipelinesPage() {
  const mayChange = useMay("OPERATE");
  return (
    <Container size="md" py="lg">
      <PageTitle>Pipelines</PageTitle>
      <Stack gap="lg">
        <Group justify="space-between">
          <Title order={1} size="h2">
            Pipelines
          </Title>
          {mayChange && (
            <Button
              renderRoot={(root) => <Link to="/pipelines/new" {...root} />}
              variant="default"
              leftSection={<PlusIcon size={16} />}
            >
              New pipeline
            </Button>
          )}
        </Group>
        <Text size="sm">
          Templates of runs, step by step. A change makes a new version; runs keep the one they began with.
        </Text>
        <Paged page={(after, next) => <PipelinesPart after={after} next={next} mayChange={mayChange} />} />
      </Stack>
    </Container>
  );
}

interface PipelinesPartProps {
  readonly after: string | null;
  readonly next: Parameters<Parameters<typeof Paged>[0]["page"]>[1];
  readonly mayChange: boolean;
}

function PipelinesPart({ after, next, mayChange }: PipelinesPartProps) {
  const [{ data, error }, refetch] = useQuery({ query: PipelinesQuery, variables: { after } });
  const generators = useKnownGenerators();
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  if (!data) return <LoadState what="pipelines" error={error} onRetry={reload} />;
  const pipelines = nodesOf(data.pipelines).toSorted(byName);
  if (pipelines.length === 0 && after === null) {
    return (
      <EmptyPanel title="There are no pipelines yet">
        {mayChange
          ? "Make one here, or describe some in the operator's file."
          : "They appear here once an operator has made one."}
      </EmptyPanel>
    );
  }
  return (
    <>
      <Rows label={after === null ? "Pipelines" : "More pipelines"}>
        {pipelines.map((pipeline) => (
          <PipelineRow key={pipeline.id} pipeline={pipeline} generators={generators} mayStart={mayChange} />
        ))}
      </Rows>
      {next(data.pipelines.pageInfo)}
    </>
  );
}
