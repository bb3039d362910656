import { Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { Lightbox } from "../../components/lightbox.tsx";
import { LoadState } from "../../components/load-state.tsx";
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
  const [{ data, error }, refetch] = useQuery({ query: WinnersQuery, variables: { runId } });
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
        {!data?.run && (
          <LoadState what="winners" error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />
        )}
        {data?.run && winners.length === 0 && <Text c="dimmed">No candidate advanced from the last step.</Text>}
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
