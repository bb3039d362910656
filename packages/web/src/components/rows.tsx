import { Paper } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./rows.module.css";

/** A framed list of things that belong together. */
export function Rows({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder radius="lg" style={{ overflow: "hidden" }}>
      <ul className={classes.rows} aria-label={label}>
        {children}
      </ul>
    </Paper>
  );
}

interface RowProps {
  /** What it is about. */
  readonly children: ReactNode;
  /** What can be done with it. */
  readonly actions?: ReactNode;
  /** What unfolds below. */
  readonly below?: ReactNode;
  /** The actions move below where the screen is narrow. */
  readonly stacks?: boolean;
}

export function Row({ children, actions, below, stacks = false }: RowProps) {
  return (
    <li className={classes.row}>
      <div className={classes.line} {...(stacks ? { "data-stacks": true } : {})}>
        <div className={classes.what}>{children}</div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </div>
      {below}
    </li>
  );
}
