import { Badge, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "urql";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Row, Rows } from "../../components/rows.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { useEvery } from "../../lib/use-every.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { OperatorFile } from "./operator-file.tsx";

const GeneratorsQuery = graphql(`
  query Generators {
    operatorFile {
      ...OperatorFile_File
    }
    generators {
      name
      ...GeneratorRow_Generator
    }
  }
`);

export const GeneratorRow_GeneratorFragment = graphql(`
  fragment GeneratorRow_Generator on Generator {
    name
    kind
    media
    concurrency
    claimed
    running
    queued
    health {
      ok
      detail
      version
      checkedAt
    }
  }
`);

/** No event tells of what services do, or of the operator's file. */
const LOOK_AGAIN_MS = 5_000;

/** What makes candidates here, whether it can be reached, and how busy it is. */
export function GeneratorsPage() {
  const [{ data, error }, refetch] = useQuery({ query: GeneratorsQuery });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  useEvery(LOOK_AGAIN_MS, reload);
  return (
    <Stack gap="lg">
      <PageTitle>Generators</PageTitle>
      <Text size="sm">
        What makes candidates. The operator's file declares them, and each is looked at while this page is open.
      </Text>
      {!data && <LoadState what="generators" error={error} onRetry={reload} />}
      {data && <OperatorFile file={data.operatorFile} />}
      {data && (
        <Rows label="Generators">
          {data.generators.map((generator) => (
            <GeneratorRow key={generator.name} generator={generator} />
          ))}
        </Rows>
      )}
    </Stack>
  );
}

interface GeneratorState {
  readonly claimed: boolean;
  readonly running: number;
  readonly queued: number;
  readonly health: { readonly ok: boolean };
}

/** Its programs are not seen until they take a job; while some wait and none is taken, there seem to be none. */
function nobodyClaims({ claimed, running, queued }: GeneratorState): boolean {
  return claimed && queued > 0 && running === 0;
}

function StateBadge({ generator }: { readonly generator: GeneratorState }) {
  const [color, words] = !generator.health.ok
    ? ["red", "Not ready"]
    : nobodyClaims(generator)
      ? ["amber", "Nobody claims its jobs"]
      : generator.claimed && generator.running === 0
        ? ["gray", "Waits for programs"]
        : ["teal", "Ready"];
  return (
    <Badge color={color} variant="light" tt="none" radius="sm">
      {words}
    </Badge>
  );
}

function GeneratorRow({ generator: ref }: { readonly generator: FragmentType<typeof GeneratorRow_GeneratorFragment> }) {
  const generator = readFragment(GeneratorRow_GeneratorFragment, ref);
  const { name, kind, media, concurrency, claimed, running, queued, health } = generator;
  return (
    <Row
      actions={
        <Text size="sm">
          {running}
          {concurrency !== null && ` of ${concurrency}`} running · {queued} queued
        </Text>
      }
      stacks
    >
      <Group gap={8}>
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <StateBadge generator={generator} />
      </Group>
      <Text size="xs" c="dimmed" mt={2}>
        {kind === name ? "built in" : kind}
        {claimed && ", claimed by programs elsewhere"} · makes {media === "IMAGE" ? "pictures" : "texts"}
      </Text>
      <Text size="sm" mt={4} maw="70ch">
        {nobodyClaims(generator) ? "Jobs wait, and no program works on any: start one that claims them. " : ""}
        {health.detail}
        {health.version !== null && !health.detail.includes(health.version) && ` (version ${health.version})`}{" "}
        <Text span size="xs" c="dimmed">
          looked at <RelativeTime at={health.checkedAt} />
        </Text>
      </Text>
    </Row>
  );
}
