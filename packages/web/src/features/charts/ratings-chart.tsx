import { counted, percent } from "../../lib/words.ts";
import { ChartFigure } from "./chart-figure.tsx";
import classes from "./charts.module.css";
import { niceScale } from "./scale.ts";

export interface RatedRow {
  readonly id: string;
  /** "2.1.3" */
  readonly label: string;
  readonly elo: number;
  readonly plusMinus: number;
  readonly voteCount: number;
  /** 0 to 1; undefined where there is no cut to be above or below. */
  readonly chanceInTopK?: number | undefined;
}

interface RatingsChartProps {
  /** By rating, best first. */
  readonly rows: readonly RatedRow[];
  /** How many advance. */
  readonly topK: number;
}

/** So many are drawn: those around the cut matter, and the table has them all. */
const MOST_DRAWN = 60;

/** Each rating as a dot with a line for its uncertainty, and the cut between those that advance and the rest. */
export function RatingsChart({ rows, topK }: RatingsChartProps) {
  const drawn = rows.slice(0, Math.max(MOST_DRAWN, topK + 10));
  const scale = niceScale(drawn.flatMap(({ elo, plusMinus }) => [elo - plusMinus, elo + plusMinus]));
  const cut = topK < rows.length;
  return (
    <ChartFigure
      title="Ratings with their uncertainty"
      description={`Each dot is a candidate's Elo rating; the line is the range that it probably lies in. ${
        cut
          ? `Where lines reach over the cut at K=${topK}, more votes may still change who advances.`
          : "All advance; there is no cut."
      }`}
      head={["Candidate", "Elo", "±", "Votes", ...(cut ? [`Chance to be in the top ${topK}`, "The cut"] : [])]}
      rows={rows.map((row, index) => ({
        key: row.id,
        cells: [
          `#${index + 1} · ${row.label}`,
          `${Math.round(row.elo)}`,
          `${Math.round(row.plusMinus)}`,
          `${row.voteCount}`,
          ...(cut
            ? [row.chanceInTopK === undefined ? "–" : percent(row.chanceInTopK), index < topK ? "Above" : "Below"]
            : []),
        ],
      }))}
    >
      <div className={classes.ratings}>
        {drawn.map((row, index) => (
          <div
            key={row.id}
            className={classes.rating}
            data-advances={index < topK || undefined}
            data-cut={(cut && index === topK - 1) || undefined}
            title={`${row.label}: ${Math.round(row.elo)} ± ${Math.round(row.plusMinus)} Elo, ${counted(row.voteCount, "vote")}`}
          >
            <span className={classes.ratingLabel}>{row.label}</span>
            <span className={classes.track}>
              {scale.ticks.map((tick) => (
                <span key={tick} className={classes.gridLine} style={{ insetInlineStart: `${scale.place(tick)}%` }} />
              ))}
              <span
                className={classes.whisker}
                style={{
                  insetInlineStart: `${scale.place(row.elo - row.plusMinus)}%`,
                  width: `${scale.place(row.elo + row.plusMinus) - scale.place(row.elo - row.plusMinus)}%`,
                }}
              />
              <span className={classes.dot} style={{ insetInlineStart: `${scale.place(row.elo)}%` }} />
            </span>
          </div>
        ))}
        <div className={classes.rating}>
          <span className={classes.ratingLabel}>Elo</span>
          <span className={classes.axis}>
            {scale.ticks.map((tick) => (
              <span key={tick} className={classes.tick} style={{ insetInlineStart: `${scale.place(tick)}%` }}>
                {Math.round(tick)}
              </span>
            ))}
          </span>
        </div>
        {drawn.length < rows.length && (
          <p className={classes.more}>{counted(rows.length - drawn.length, "more candidate")} below these.</p>
        )}
      </div>
    </ChartFigure>
  );
}
