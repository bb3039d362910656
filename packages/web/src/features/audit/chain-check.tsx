import { Alert, Button, Code, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useClient } from "urql";
import { FormProblem } from "../../components/form-problem.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import type { VerifyAuditQuery as VerifyAuditResult } from "../../gql/generated/graphql.ts";
import { graphql } from "../../gql/generated/index.ts";
import { wordsForError } from "../../lib/errors.ts";
import { useWhyNot } from "../../lib/viewer.ts";
import { counted } from "../../lib/words.ts";

const VerifyAuditQuery = graphql(`
  query VerifyAudit($expectedHead: String) {
    verifyAudit(expectedHead: $expectedHead) {
      whole
      entries
      head {
        text
      }
      problem {
        kind
        number
        message
      }
    }
  }
`);

type Verdict = VerifyAuditResult["verifyAudit"];

/** Whether the record is as it was written: looked at when somebody asks, since it reads all of it. */
export function ChainCheck() {
  const whyNot = useWhyNot("DECIDE");
  const client = useClient();
  const [expected, setExpected] = useState("");
  const [working, setWorking] = useState(false);
  const [verdict, setVerdict] = useState<Verdict>();
  const [words, setWords] = useState<string>();

  const check = async () => {
    setWorking(true);
    const expectedHead = expected.trim() === "" ? null : expected.trim();
    const options = { requestPolicy: "network-only" as const };
    const { data, error } = await client.query(VerifyAuditQuery, { expectedHead }, options).toPromise();
    setWorking(false);
    setVerdict(data?.verifyAudit);
    setWords(data ? undefined : error && wordsForError(error));
  };

  return (
    <SectionCard title="Is the record whole?" {...(whyNot === null ? { onSubmit: () => void check() } : {})}>
      <Text size="sm">
        Every entry carries the hash of the one before it, so one that was changed, moved or taken out shows.
      </Text>
      {whyNot && (
        <Text size="sm" c="dimmed">
          Checking: {whyNot.charAt(0).toLowerCase()}
          {whyNot.slice(1)}
        </Text>
      )}
      {whyNot === null && (
        <Group align="end">
          <TextInput
            label="An end that you kept (optional)"
            description="Such as 12:9f86…; shows whether entries were cut off since."
            w={{ base: "100%", xs: 380 }}
            value={expected}
            onChange={(event) => setExpected(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={working}>
            Check
          </Button>
        </Group>
      )}
      <FormProblem words={words} />
      {verdict && <VerdictPanel verdict={verdict} />}
    </SectionCard>
  );
}

function VerdictPanel({ verdict: { whole, entries, head, problem } }: { readonly verdict: Verdict }) {
  return (
    <Alert
      color={whole ? "teal" : "red"}
      role={whole ? "status" : "alert"}
      title={whole ? "The record is whole" : `Something is wrong at entry ${problem?.number ?? entries + 1}`}
    >
      <Stack gap="xs">
        <Text size="sm">
          {problem
            ? `${problem.message} The ${counted(entries, "entry", "entries")} before it are in order.`
            : `${counted(entries, "entry", "entries")}, each as it was written.`}
        </Text>
        {head && (
          <>
            <Text size="sm">
              {whole ? "Its end is " : "The last that is in order is "}
              <Code style={{ overflowWrap: "anywhere" }}>{head.text}</Code>.
              {whole && " Keep that elsewhere: with it, the next check also shows whether entries were cut off."}
            </Text>
            <CopyButton value={head.text} timeout={4000}>
              {({ copied, copy }) => (
                <Group>
                  <Button size="xs" variant="default" onClick={copy}>
                    {copied ? "Copied" : "Copy the end"}
                  </Button>
                </Group>
              )}
            </CopyButton>
          </>
        )}
      </Stack>
    </Alert>
  );
}
