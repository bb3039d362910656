import { Container } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useQuery } from "urql";
import { PagePending } from "../../app/page-pending.tsx";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { NoSuchRun } from "../../components/no-such-run.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { wordsForError } from "../../lib/errors.ts";
import { GalleryView } from "./gallery-view.tsx";

const GalleryRunQuery = graphql(`
  query GalleryRun($runId: ID!) {
    run(id: $runId) {
      id
      number
      name
      prompt
      status
      eventCursor
      totalSteps
      steps {
        id
        position
        name
        kind
        status
        round
      }
    }
  }
`);

const route = getRouteApi("/runs/$runId/gallery");

/** Every candidate of a run: found, looked at, compared, decided on and taken along. */
export function GalleryPage() {
  const { runId } = route.useParams();
  const [{ data, error, fetching, stale }, refetch] = useQuery({ query: GalleryRunQuery, variables: { runId } });
  const run = data?.run;
  if (run) return <GalleryView key={run.id} run={run} cursor={fetching || stale ? undefined : run.eventCursor} />;
  if (error) {
    return (
      <Container size="md" py="lg">
        <ErrorPanel
          title="The run could not be loaded"
          words={wordsForError(error)}
          onRetry={() => refetch({ requestPolicy: "network-only" })}
        />
      </Container>
    );
  }
  if (!data || fetching) return <PagePending />;
  return <NoSuchRun />;
}
