import { SimpleGrid } from "@mantine/core";
import { useQuery } from "urql";
import { candidateLabel } from "../../components/candidate-label.ts";
import { LoadState } from "../../components/load-state.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { useStepSignal } from "../../lib/step-signals.ts";
import { RatingsChart } from "./ratings-chart.tsx";
import { VotesChart } from "./votes-chart.tsx";

const StepChartsQuery = graphql(`
  query StepCharts($stepId: ID!) {
    node(id: $stepId) {
      __typename
      ... on RunStep {
        id
        topKCount
        votesOverTime {
          at
          votes
        }
        approvalPreview {
          ranked {
            rank
            plusMinus
            chanceInTopK
            candidate {
              id
              elo
              voteCount
              ...CandidateLabel_Candidate
            }
          }
        }
      }
    }
  }
`);

/** The ratings are worked out anew each time. */
const REFETCH_MS = 3_000;

export function StepChartsBody({ stepId }: { readonly stepId: string }) {
  const [{ data, error }, refetch] = useQuery({ query: StepChartsQuery, variables: { stepId } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useStepSignal(stepId, reload, { everyMs: REFETCH_MS });
  const step = data?.node?.__typename === "RunStep" ? data.node : undefined;
  if (!step) return <LoadState what="ratings" error={error} onRetry={reload} />;
  const { ranked } = step.approvalPreview;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl" verticalSpacing="lg">
      <RatingsChart
        topK={step.topKCount}
        rows={ranked.map(({ candidate, plusMinus, chanceInTopK }) => ({
          id: candidate.id,
          label: candidateLabel(candidate),
          elo: candidate.elo,
          plusMinus,
          voteCount: candidate.voteCount,
          chanceInTopK,
        }))}
      />
      <VotesChart buckets={step.votesOverTime} />
    </SimpleGrid>
  );
}
