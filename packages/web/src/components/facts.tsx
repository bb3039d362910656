import type { ReactNode } from "react";
import classes from "./facts.module.css";

interface FactsProps {
  /** What is not known (null, undefined, "") is left out. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
  /** Side by side, where there is room. */
  readonly inline?: boolean;
}

/** Names and values, one below the other unless they are to stand inline. */
export function Facts({ facts, inline = false }: FactsProps) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (known.length === 0) return null;
  return (
    <dl className={classes.facts} data-inline={inline || undefined}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
