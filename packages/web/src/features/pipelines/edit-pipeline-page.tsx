import { Alert, Button, Container, Group, Stack, Text, Title } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useQuery } from "urql";
import { BackLink } from "../../components/back-link.tsx";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { useEvery } from "../../lib/use-every.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { useWhyNot } from "../../lib/viewer.ts";
import { PipelineEditor } from "./pipeline-editor.tsx";

const EditPipelineQuery = graphql(`
  query EditPipeline($name: String!) {
    operatorFile {
      path
    }
    pipeline(name: $name) {
      id
      name
      version
      yaml
      fromOperatorFile
    }
  }
`);

/** No event tells of new versions: so often one looks whether somebody else has applied one. */
const LOOK_AGAIN_MS = 10_000;

const route = getRouteApi("/pipelines/$name/edit");

/** Changes a pipeline, or shows how it is written to those who may not. */
export function EditPipelinePage() {
  const { name } = route.useParams();
  const navigate = useNavigate();
  const whyNot = useWhyNot("OPERATE");
  const [{ data, error }, refetch] = useQuery({ query: EditPipelineQuery, variables: { name } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  useEvery(LOOK_AGAIN_MS, reload);
  const pipeline = data?.pipeline;
  const fromFile = pipeline?.fromOperatorFile ?? false;
  return (
    <Container size="xl" py="lg">
      <PageTitle>{`${name}, edit`}</PageTitle>
      <Stack gap="md">
        <div>
          <BackLink renderRoot={(root) => <Link to="/pipelines/$name" params={{ name }} {...root} />}>{name}</BackLink>
          <Title order={1} size="h2">
            {whyNot === null && !fromFile ? "Edit the pipeline" : "The pipeline as it is written"}
          </Title>
        </div>
        {!data && <LoadState what="pipeline" error={error} onRetry={reload} />}
        {data && !pipeline && (
          <EmptyPanel
            title="There is no such pipeline"
            action={<Button renderRoot={(root) => <Link to="/pipelines" {...root} />}>All pipelines</Button>}
          >
            None is named "{name}".
          </EmptyPanel>
        )}
        {pipeline && fromFile && (
          <Alert color="gray" title="It is changed elsewhere">
            <Text size="sm">
              This pipeline is part of {data.operatorFile?.path ?? "the operator's file"}. Change it there: the change
              is in force within seconds.
            </Text>
            {whyNot === null && (
              <Group mt="sm">
                <Button
                  size="xs"
                  variant="default"
                  renderRoot={(root) => <Link to="/pipelines/new" search={{ copy: name }} {...root} />}
                >
                  Make a copy
                </Button>
              </Group>
            )}
          </Alert>
        )}
        {pipeline && whyNot && (
          <Alert color="gray" title="You cannot change pipelines">
            {whyNot}
          </Alert>
        )}
        {pipeline && whyNot !== undefined && (
          <PipelineEditor
            source={{ key: name, name, text: pipeline.yaml, version: pipeline.version }}
            readOnly={fromFile || whyNot !== null}
            onReload={reload}
            onApplied={(applied) =>
              void navigate({ to: "/pipelines/$name", params: { name: applied }, ignoreBlocker: true })
            }
          />
        )}
      </Stack>
    </Container>
  );
}
