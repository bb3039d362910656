import { Skeleton, Switch } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { candidateLabel } from "../../components/candidate-label.ts";
import type { ApprovalPreview_PreviewFragment } from "../../gql/generated/graphql.ts";

const RatingsChart = lazy(() => import("./ratings-chart.tsx").then(({ RatingsChart: it }) => ({ default: it })));

interface PreviewChartProps {
  readonly preview: Pick<ApprovalPreview_PreviewFragment, "ranked" | "topK">;
  /** The K that is chosen, which the preview follows. */
  readonly topK: number;
}

/** The ranking that is decided on as a chart, for whoever turns it on. */
export function PreviewChart({ preview, topK }: PreviewChartProps) {
  const [shown, setShown] = useState(false);
  return (
    <div>
      <Switch
        size="sm"
        label="Chart"
        checked={shown}
        onChange={(event) => setShown(event.currentTarget.checked)}
        mb="xs"
      />
      {shown && (
        <Suspense fallback={<Skeleton height={160} />}>
          <RatingsChart
            topK={topK}
            rows={preview.ranked.map(({ candidate, plusMinus, chanceInTopK }) => ({
              id: candidate.id,
              label: candidateLabel(candidate),
              elo: candidate.elo,
              plusMinus,
              voteCount: candidate.voteCount,
              // Worked out for another K, it would say something else.
              chanceInTopK: preview.topK === topK ? chanceInTopK : undefined,
            }))}
          />
        </Suspense>
      )}
    </div>
  );
}
