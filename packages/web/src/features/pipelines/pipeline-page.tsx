import { Alert, Anchor, Badge, Button, Container, Group, Stack, Text, Title, Tooltip } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { BackLink } from "../../components/back-link.tsx";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { Facts } from "../../components/facts.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import type { PipelinePageQuery as PipelinePageResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { dollars } from "../../lib/dollars.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { useMay } from "../../lib/viewer.ts";
import { counted } from "../../lib/words.ts";
import { missingGenerators, useKnownGenerators, wordsForMissing } from "./missing-generators.ts";
import { PipelineSteps } from "./pipeline-steps.tsx";
import { PipelineTemplates } from "./pipeline-templates.tsx";
import { PipelineVersions } from "./pipeline-versions.tsx";

const PipelinePageQuery = graphql(`
  query PipelinePage($name: String!) {
    operatorFile {
      path
    }
    pipeline(name: $name) {
      id
      name
      version
      description
      defaultN
      defaultK
      maxJobs
      maxCostUsd
      createdAt
      fromOperatorFile
      runCount
      lastRun {
        id
        number
        createdAt
      }
      steps {
        id
        generator
      }
      ...PipelineSteps_Pipeline
      ...PipelineTemplates_Pipeline
      ...PipelineVersions_Pipeline
    }
  }
`);

const route = getRouteApi("/pipelines/$name");

/** One pipeline, in words. */
export function PipelinePage() {
  const { name } = route.useParams();
  const [{ data, error }, refetch] = useQuery({ query: PipelinePageQuery, variables: { name } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  return (
    <Container size="md" py="lg">
      <PageTitle>{name}</PageTitle>
      {!data && <LoadState what="pipeline" error={error} onRetry={reload} />}
      {data && !data.pipeline && (
        <EmptyPanel
          title="There is no such pipeline"
          action={<Button renderRoot={(root) => <Link to="/pipelines" {...root} />}>All pipelines</Button>}
        >
          None is named "{name}".
        </EmptyPanel>
      )}
      {data?.pipeline && <Content pipeline={data.pipeline} file={data.operatorFile?.path} />}
    </Container>
  );
}

interface ContentProps {
  readonly pipeline: NonNullable<PipelinePageResult["pipeline"]>;
  /** Name of the operator's file, where there is one. */
  readonly file: string | undefined;
}

function Content({ pipeline, file }: ContentProps) {
  const { name, version, description, lastRun, maxCostUsd } = pipeline;
  const generators = useKnownGenerators();
  const problem = generators && wordsForMissing(missingGenerators(pipeline, generators));
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <div style={{ minWidth: 0, overflowWrap: "anywhere" }}>
          <BackLink renderRoot={(root) => <Link to="/pipelines" {...root} />}>All pipelines</BackLink>
          <Group gap="sm">
            <Title order={1} size="h2">
              {name}
            </Title>
            <Badge variant="default" tt="none" radius="sm">
              version {version}
            </Badge>
          </Group>
          {description !== null && <Text>{description}</Text>}
          <Text size="sm" c="dimmed">
            Applied <RelativeTime at={pipeline.createdAt} />.
          </Text>
        </div>
        <Actions name={name} problem={problem} fromFile={pipeline.fromOperatorFile} />
      </Group>
      {problem !== undefined && (
        <Alert color="red" title="No run can be started">
          {problem} An operator can bring it back, or change the pipeline.
        </Alert>
      )}
      {pipeline.fromOperatorFile && (
        <Text size="sm">
          It is part of {file ?? "the operator's file"}: change it there, and the change is in force within seconds.
          Here it can be copied.
        </Text>
      )}
      <SectionCard title="Where a run says nothing else">
        <Facts
          inline
          facts={[
            ["N, children per parent", pipeline.defaultN],
            ["K, candidates that advance", pipeline.defaultK],
            ["Attempts, at most", pipeline.maxJobs],
            ["Cost, at most", maxCostUsd === null ? null : dollars(maxCostUsd)],
            [
              "Used by",
              lastRun ? (
                <>
                  {counted(pipeline.runCount, "run")}, the last{" "}
                  <Anchor
                    renderRoot={(root) => <Link to="/runs/$runId" params={{ runId: lastRun.id }} {...root} />}
                    inherit
                  >
                    #{lastRun.number}
                  </Anchor>{" "}
                  <RelativeTime at={lastRun.createdAt} />
                </>
              ) : (
                "no run yet"
              ),
            ],
          ]}
        />
      </SectionCard>
      <PipelineSteps pipeline={pipeline} />
      <PipelineTemplates pipeline={pipeline} />
      <PipelineVersions pipeline={pipeline} />
    </Stack>
  );
}

interface ActionsProps {
  readonly name: string;
  /** Why no run can be started. */
  readonly problem: string | undefined;
  readonly fromFile: boolean;
}

function Actions({ name, problem, fromFile }: ActionsProps) {
  if (!useMay("OPERATE")) {
    return (
      <Button variant="default" renderRoot={(root) => <Link to="/pipelines/$name/edit" params={{ name }} {...root} />}>
        Show as YAML
      </Button>
    );
  }
  return (
    <Group gap="xs">
      <Button variant="default" renderRoot={(root) => <Link to="/pipelines/$name/edit" params={{ name }} {...root} />}>
        {fromFile ? "Show as YAML" : "Edit"}
      </Button>
      <Button variant="default" renderRoot={(root) => <Link to="/pipelines/new" search={{ copy: name }} {...root} />}>
        Make a copy
      </Button>
      <Tooltip label={problem} disabled={problem === undefined}>
        <Button
          {...(problem === undefined
            ? { renderRoot: (root) => <Link to="/runs/new" search={{ pipeline: name }} {...root} /> }
            : { "data-disabled": true, "aria-disabled": true })}
        >
          Start a run
        </Button>
      </Tooltip>
    </Group>
  );
}
