import { Group, Text } from "@mantine/core";
import { WarningIcon } from "../../components/icons.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";

export const RunReason_RunFragment = graphql(`
  fragment RunReason_Run on Run {
    id
    status
    diagnosis {
      code
      message
      action
    }
    alerts {
      id
      acknowledgedAt
      resolvedAt
    }
  }
`);

/** Why a run does not go on, in the server's words; nothing where all is well. */
export function RunReason(props: { readonly run: FragmentType<typeof RunReason_RunFragment> }) {
  const run = readFragment(RunReason_RunFragment, props.run);
  const [first, ...more] = run.diagnosis;
  if (!first || run.status === "COMPLETED") return null;
  const alarming = run.status === "FAILED" || run.alerts.some(({ resolvedAt }) => resolvedAt === null);
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" mt={2} c={alarming ? "var(--sluice-danger)" : "dimmed"}>
      {alarming && (
        <span style={{ flexShrink: 0, marginTop: 1 }}>
          <WarningIcon size={15} />
        </span>
      )}
      <Text size="sm" c="inherit" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
        {first.message}
        {more.length > 0 && ` And ${more.length} more.`}
      </Text>
    </Group>
  );
}
