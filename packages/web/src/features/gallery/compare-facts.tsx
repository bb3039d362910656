import { dollars } from "../../lib/dollars.ts";
import { durationWords } from "../../lib/duration.ts";
import { fullTime } from "../../lib/time.ts";
import classes from "./dialogs.module.css";
import type { GalleryCandidate } from "./use-gallery-list.ts";

/** A candidate that stands beside others. */
export interface Compared {
  readonly tile: GalleryCandidate;
  readonly label: string;
  /** Null for a picture. */
  readonly text: string | null;
  /** Undefined for a text. */
  readonly picture: { readonly url: string; readonly width: number | null; readonly height: number | null } | undefined;
  readonly stepName: string;
  readonly made: {
    readonly seed: number | null;
    readonly generator: string | null;
    readonly model: string | null;
    readonly costUsd: number | null;
    readonly durationMs: number | null;
    readonly createdAt: string;
  };
}

/** What is known of each, one fact in a row; what is not the same for all stands out. */
export function CompareFacts({ compared }: { readonly compared: readonly Compared[] }) {
  const rows = factRows(compared).filter(({ values }) => values.some((value) => value !== null));
  return (
    <table className={classes.factTable} style={{ minWidth: 110 + compared.length * 110 }}>
      <caption style={{ position: "absolute", clipPath: "inset(50%)" }}>What is known of each</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className={classes.hidden}>Fact</span>
          </th>
          {compared.map(({ tile, label }) => (
            <th key={tile.id} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, values }) => (
          <tr key={name} data-differs={new Set(values).size > 1 || undefined}>
            <th scope="row">{name}</th>
            {values.map((value, index) => (
              <td key={compared[index]?.tile.id}>{value ?? "–"}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface FactRow {
  readonly name: string;
  readonly values: readonly (string | null)[];
}

function factRows(compared: readonly Compared[]): FactRow[] {
  const row = (name: string, value: (each: Compared) => string | null): FactRow => ({
    name,
    values: compared.map(value),
  });
  return [
    row("Rating", ({ tile }) => `${Math.round(tile.elo)} Elo`),
    row("Votes", ({ tile }) => String(tile.voteCount)),
    row(
      "Step",
      ({ tile, stepName }) => `${tile.step.position}: ${stepName}${tile.round > 1 ? `, round ${tile.round}` : ""}`,
    ),
    row("Seed", ({ made }) => (made.seed === null ? null : String(made.seed))),
    row("Generator", ({ made }) => made.generator),
    row("Model", ({ made }) => made.model),
    row("Cost", ({ made }) => (made.costUsd === null ? null : dollars(made.costUsd))),
    row("Took", ({ made }) => (made.durationMs === null ? null : durationWords(made.durationMs / 1000))),
    row("Made", ({ made }) => fullTime(Date.parse(made.createdAt))),
  ];
}
