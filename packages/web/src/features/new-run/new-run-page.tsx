import { Alert, Container, Stack, Title } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useQuery } from "urql";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useEvery } from "../../lib/use-every.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { useWhyNot } from "../../lib/viewer.ts";
import { byName } from "../pipelines/by-name.ts";
import { NewRunForm } from "./new-run-form.tsx";

const PipelinesQuery = graphql(`
  query NewRunPipelines {
    pipelines(first: 100) {
      edges {
        cursor
        node {
          id
          name
          version
          defaultN
          defaultK
          steps {
            id
            gate
            kind
            maxChildren
            generator
          }
          approvalTemplates {
            name
            description
          }
          ...PipelineOutline_Pipeline
        }
      }
    }
    generators {
      name
    }
  }
`);

/** No event tells of new versions: so often one looks whether somebody has applied one. */
const LOOK_AGAIN_MS = 10_000;

const route = getRouteApi("/runs/new");

export function NewRunPage() {
  const { pipeline } = route.useSearch();
  const whyNot = useWhyNot("OPERATE");
  const [{ data, error }, refetch] = useQuery({ query: PipelinesQuery });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  useEvery(LOOK_AGAIN_MS, reload);
  const pipelines = data && nodesOf(data.pipelines).toSorted(byName);
  return (
    <Container size="sm" py="lg">
      <PageTitle>New run</PageTitle>
      <Stack gap="lg">
        <Title order={1} size="h2">
          New run
        </Title>
        {!pipelines && <LoadState what="pipelines" height={320} error={error} onRetry={reload} />}
        {pipelines?.length === 0 && (
          <EmptyPanel title="There are no pipelines yet">
            Make one under Pipelines, or describe some in the operator's file; they then appear here.
          </EmptyPanel>
        )}
        {pipelines?.[0] && whyNot && (
          <Alert color="gray" title="You cannot start runs">
            {whyNot}
          </Alert>
        )}
        {pipelines?.[0] && whyNot === null && (
          <NewRunForm
            pipelines={[pipelines[0], ...pipelines.slice(1)]}
            initial={pipeline}
            generators={new Set(data?.generators.map(({ name }) => name))}
            onStale={reload}
          />
        )}
      </Stack>
    </Container>
  );
}
