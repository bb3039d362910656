import { Alert, Container, Stack, Text, Title } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useQuery } from "urql";
import { BackLink } from "../../components/back-link.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { useWhyNot } from "../../lib/viewer.ts";
import { rename } from "./edit-document.ts";
import { PipelineEditor } from "./pipeline-editor.tsx";

const CopiedPipelineQuery = graphql(`
  query CopiedPipeline($name: String!) {
    pipeline(name: $name) {
      id
      yaml
    }
  }
`);

/** What a new pipeline begins with. Like a pipeline of the examples, it needs nothing but what is built in. */
const FIRST_TEXT = `pipelines:
  - name: New pipeline
    defaults: { n: 3, k: 3 }
    steps:
      - name: Draft
        type: generate
        generator: grammar
        description: First lines about the prompt
      - name: Refine
        type: generate
        generator: grammar
        description: Other words for the best of them
`;

const route = getRouteApi("/pipelines/new");

/** A pipeline of one's own, from the beginning or from another one. */
export function NewPipelinePage() {
  const { copy } = route.useSearch();
  const navigate = useNavigate();
  const whyNot = useWhyNot("OPERATE");
  const [{ data, error }, refetch] = useQuery({
    query: CopiedPipelineQuery,
    variables: { name: copy ?? "" },
    pause: copy === undefined,
  });
  const copied = data?.pipeline ? rename(data.pipeline.yaml, `${copy} copy`) : undefined;
  const text = copy === undefined ? FIRST_TEXT : (copied ?? (data && FIRST_TEXT));
  return (
    <Container size="xl" py="lg">
      <PageTitle>New pipeline</PageTitle>
      <Stack gap="md">
        <div>
          <BackLink renderRoot={(root) => <Link to="/pipelines" {...root} />}>All pipelines</BackLink>
          <Title order={1} size="h2">
            New pipeline
          </Title>
          {copied !== undefined && <Text size="sm">It begins as a copy of {copy}, which stays as it is.</Text>}
        </div>
        {whyNot && (
          <Alert color="gray" title="You cannot make pipelines">
            {whyNot}
          </Alert>
        )}
        {text === undefined && (
          <LoadState what="pipeline" error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />
        )}
        {text !== undefined && whyNot === null && (
          <PipelineEditor
            source={{ key: `new ${copy ?? ""}`, name: undefined, text, version: 0 }}
            readOnly={false}
            onReload={() => {}}
            onApplied={(applied) =>
              void navigate({ to: "/pipelines/$name", params: { name: applied }, ignoreBlocker: true })
            }
          />
        )}
      </Stack>
    </Container>
  );
}
