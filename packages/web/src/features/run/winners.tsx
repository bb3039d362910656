import { Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { Lightbox } from "../../components/lightbox.tsx";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import classes from "./candidate-grid.module.css";
import { CandidateTile, CandidateTile_CandidateFragment } from "./candidate-tile.tsx";

const WinnersQuery = graphql(`
  query Winners($runId: ID!) {
    run(id: $runId) {
      id
      winners {
        id
        ...CandidateTile_Candidate
      }
    }
  }
`);

/** What a completed run was for. */
export function Winners({ runId }: { readonly runId: string }) {
  const [{ data, fetching }] = useQuery({ query: WinnersQuery, variables: { runId } });
  const [large, setLarge] = useState<string>();
  const winners = data?.run?.winners ?? [];
  return (
    <Paper
      component="section"
      aria-label="Winners"
      withBorder
      radius="lg"
      p="md"
      style={{ borderColor: "var(--mantine-color-teal-6)" }}
    >
      <Stack gap="sm">
        <Title order={2} size="h4">
          Winners
        </Title>
        {winners.length === 0 && fetching && <Skeleton height={170} />}
        {winners.length === 0 && !fetching && <Text c="dimmed">No candidate advanced from the last step.</Text>}
        <ul className={classes.grid}>
          {winners.map((winner) => (
            <li key={winner.id}>
              <CandidateTile candidate={winner} lastStep onOpen={() => setLarge(winner.id)} />
            </li>
          ))}
        </ul>
      </Stack>
      <Lightbox
        candidates={winners.map((winner) => readFragment(CandidateTile_CandidateFragment, winner))}
        shown={large}
        onShow={setLarge}
      />
    </Paper>
  );
}
