import { Badge, Stack, Table, Text } from "@mantine/core";
import { useEffect, useEffectEvent } from "react";
import { useQuery } from "urql";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
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
  const onTick = useEffectEvent(() => {
    if (document.visibilityState === "visible") reload();
  });
  useEffect(() => {
    const timer = setInterval(() => onTick(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Stack gap="lg">
      <PageTitle>Generators</PageTitle>
      <Text size="sm">
        What makes candidates. The operator's file declares them, and each is looked at while this page is open.
      </Text>
      {!data && <LoadState what="generators" error={error} onRetry={reload} />}
      {data && <OperatorFile file={data.operatorFile} />}
      {data && (
        <Table.ScrollContainer minWidth={560}>
          <Table aria-label="Generators" withTableBorder bg="var(--mantine-color-body)" verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Makes</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th ta="end">Running</Table.Th>
                <Table.Th ta="end">Queued</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.generators.map((generator) => (
                <GeneratorRow key={generator.name} generator={generator} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

function GeneratorRow({ generator: ref }: { readonly generator: FragmentType<typeof GeneratorRow_GeneratorFragment> }) {
  const { name, kind, media, concurrency, claimed, running, queued, health } = readFragment(
    GeneratorRow_GeneratorFragment,
    ref,
  );
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: "top" }}>
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {kind === name ? "built in" : kind}
          {claimed && ", claimed by programs elsewhere"}
        </Text>
      </Table.Td>
      <Table.Td style={{ verticalAlign: "top" }}>{media === "IMAGE" ? "Pictures" : "Texts"}</Table.Td>
      <Table.Td style={{ verticalAlign: "top" }}>
        <Badge color={health.ok ? "teal" : "red"} variant="light" tt="none" radius="sm">
          {health.ok ? "Ready" : "Not ready"}
        </Badge>
        <Text size="xs" mt={4} maw={340} style={{ overflowWrap: "anywhere" }}>
          {health.detail}
          {health.version !== null && !health.detail.includes(health.version) && ` (version ${health.version})`}
        </Text>
        <Text size="xs" c="dimmed">
          looked at <RelativeTime at={health.checkedAt} />
        </Text>
      </Table.Td>
      <Table.Td ta="end" style={{ verticalAlign: "top" }}>
        {running}
        {concurrency !== null && ` of ${concurrency}`}
      </Table.Td>
      <Table.Td ta="end" style={{ verticalAlign: "top" }}>
        {queued}
      </Table.Td>
    </Table.Tr>
  );
}
