import { ChartFigure } from "./chart-figure.tsx";
import classes from "./charts.module.css";
import { niceScale } from "./scale.ts";

export interface Bar {
  readonly key: string;
  /** What it stands for, in full: "2 Dec, 09:00". */
  readonly name: string;
  /** The same where there is little room. */
  readonly short: string;
  readonly value: number;
  /** What is in the table beside its name, as many as `head` has more. */
  readonly cells: readonly string[];
}

interface BarChartProps {
  readonly title: string;
  readonly description: string;
  /** The names of the table's columns. */
  readonly head: readonly string[];
  /** From the first to the last. */
  readonly bars: readonly Bar[];
  /** What a mark of the scale reads. */
  readonly words: (value: number) => string;
  /** What the scale counts in, such as 3,600 for hours of seconds. */
  readonly unit?: number;
}

/** Amounts over time, one bar for each. */
export function BarChart({ title, description, head, bars, words, unit = 1 }: BarChartProps) {
  const scale = niceScale([0, ...bars.map(({ value }) => value / unit)], 3);
  // The first, the middle and the last: there is room for those.
  const named = [...new Set([bars[0], bars[Math.floor((bars.length - 1) / 2)], bars.at(-1)])].filter(
    (bar) => bar !== undefined,
  );
  return (
    <ChartFigure
      title={title}
      description={description}
      head={head}
      rows={bars.map(({ key, name, cells }) => ({ key, cells: [name, ...cells] }))}
    >
      <div className={classes.barChart}>
        <div className={classes.scale}>
          {scale.ticks.map((tick) => (
            <span key={tick} className={classes.scaleMark} style={{ bottom: `${scale.place(tick)}%` }}>
              {words(tick * unit)}
            </span>
          ))}
        </div>
        <div className={classes.bars}>
          {scale.ticks.map((tick) => (
            <span key={tick} className={classes.level} style={{ bottom: `${scale.place(tick)}%` }} />
          ))}
          {bars.map(({ key, name, value, cells }) => (
            <span key={key} className={classes.barPlace} title={[name, ...cells].join(" · ")}>
              <span className={classes.bar} style={{ height: `${scale.place(value / unit)}%` }} data-some={value > 0} />
            </span>
          ))}
        </div>
        <div className={classes.names}>
          {named.map(({ key, short }) => (
            <span key={key}>{short}</span>
          ))}
        </div>
      </div>
    </ChartFigure>
  );
}
