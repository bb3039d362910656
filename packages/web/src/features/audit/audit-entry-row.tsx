import { Anchor, Badge, Button, Code, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Row } from "../../components/rows.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { durationWords } from "../../lib/duration.ts";
import { percent } from "../../lib/words.ts";
import { budgetChangeInWords, importInWords, TYPE_LOOKS, whoInWords } from "./audit-words.ts";

export const AuditEntryRow_AuditEntryFragment = graphql(`
  fragment AuditEntryRow_AuditEntry on AuditEntry {
    id
    number
    at
    type
    runNumber
    run {
      id
    }
    stepPosition
    stepName
    round
    actorName
    actorRole
    channel
    topK
    confidence
    comment
    overrideReason
    waitedSeconds
    importedCandidates {
      candidateId
      source
    }
    budgetChange {
      before {
        maxJobs
        maxCostUsd
      }
      after {
        maxJobs
        maxCostUsd
      }
    }
    entry
    hash
    previousHash
  }
`);

interface AuditEntryRowProps {
  readonly entry: FragmentType<typeof AuditEntryRow_AuditEntryFragment>;
}

/** One decision: what, about which gate, by whom, when, and why. Its exact text and hashes unfold. */
export function AuditEntryRow({ entry: ref }: AuditEntryRowProps) {
  const entry = readFragment(AuditEntryRow_AuditEntryFragment, ref);
  const [opened, setOpened] = useState(false);
  const detailsId = useId();
  const { words, color } = TYPE_LOOKS[entry.type];
  return (
    <Row
      stacks
      actions={
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={opened}
          aria-controls={detailsId}
          aria-label={opened ? `Hide entry ${entry.number}` : `Show entry ${entry.number}`}
          onClick={() => setOpened((before) => !before)}
        >
          {opened ? "Hide entry" : `Entry ${entry.number}`}
        </Button>
      }
      below={<div id={detailsId}>{opened && <Exactly entry={entry} />}</div>}
    >
      <Group gap="4px 10px">
        <Badge color={color} variant="light" tt="none" radius="sm">
          {words}
        </Badge>
        <Text size="sm" fw={600}>
          <RunLink id={entry.run?.id} number={entry.runNumber} /> · step {entry.stepPosition}: {entry.stepName}
          {entry.round > 1 && `, round ${entry.round}`}
        </Text>
      </Group>
      <Group gap="2px 12px" c="dimmed" fz="sm" mt={4}>
        <span>{whoInWords(entry)}</span>
        <RelativeTime at={entry.at} />
        {entry.topK !== null && <span>K = {entry.topK}</span>}
        {entry.topK !== null && entry.confidence !== null && <span>{percent(entry.confidence)} sure</span>}
        {entry.waitedSeconds !== null && <span>Waited {durationWords(entry.waitedSeconds)}</span>}
      </Group>
      {entry.importedCandidates !== null && (
        <Text size="sm" mt={4} style={{ overflowWrap: "anywhere" }}>
          {importInWords(entry.importedCandidates)}
        </Text>
      )}
      {entry.budgetChange !== null && (
        <Text size="sm" mt={4}>
          {budgetChangeInWords(entry.budgetChange)}
        </Text>
      )}
      {entry.comment !== null && (
        <Text size="sm" mt={4}>
          “{entry.comment}”
        </Text>
      )}
      {entry.overrideReason !== null && (
        <Text size="sm" mt={4}>
          Overrode what the policy asks for: “{entry.overrideReason}”
        </Text>
      )}
    </Row>
  );
}

/** The entry outlives its run. */
function RunLink({ id, number }: { readonly id: string | undefined; readonly number: number }) {
  if (id === undefined) return `Run #${number}`;
  return (
    <Anchor renderRoot={(rootProps) => <Link to="/runs/$runId" params={{ runId: id }} {...rootProps} />} inherit>
      Run #{number}
    </Anchor>
  );
}

interface ExactlyProps {
  readonly entry: { readonly entry: string; readonly hash: string; readonly previousHash: string };
}

function Exactly({ entry: { entry, hash, previousHash } }: ExactlyProps) {
  return (
    <Stack gap="xs" mt="sm">
      <Code block style={{ maxHeight: 360, overflow: "auto" }}>
        {JSON.stringify(JSON.parse(entry), null, 2)}
      </Code>
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        SHA-256 <Code>{hash}</Code>, of this entry and the one before, <Code>{previousHash}</Code>.
      </Text>
    </Stack>
  );
}
