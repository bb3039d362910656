import { useViewport } from "@xyflow/react";
import { StateIcon } from "../../components/state-icon.tsx";
import { stepIcon } from "../../components/step-status.ts";
import { isRunActive } from "../../lib/run-active.ts";
import { NODE, PITCH } from "./layout.ts";
import classes from "./lineage.module.css";
import type { LineageRun } from "./lineage-query.ts";

/** Below this there is no room for as much as a sign. */
const NARROWEST = 26;

interface LineageColumnsProps {
  readonly run: LineageRun;
  readonly counts: readonly number[];
}

/** The names of the steps above their columns; they stay while the tree is moved up and down. */
export function LineageColumns({ run, counts }: LineageColumnsProps) {
  const { x, zoom } = useViewport();
  const active = isRunActive(run.status);
  const width = PITCH.x * zoom;
  if (width < NARROWEST) return null;
  return (
    <div className={classes.columns} aria-hidden="true">
      {run.steps.map((step, index) => (
        <div
          key={step.id}
          className={classes.column}
          style={{ transform: `translateX(${x + (index * PITCH.x - (PITCH.x - NODE.width) / 2) * zoom}px)`, width }}
          title={`Step ${step.position}: ${step.name}. ${step.statusLabel}`}
        >
          <StateIcon kind={stepIcon(step.status, active)} size={14} />
          <span className={classes.columnName}>
            {step.position}
            {width > 70 && ` ${step.name}`}
            {width > 180 && <span className={classes.columnCount}> · {counts[index] ?? 0}</span>}
          </span>
        </div>
      ))}
    </div>
  );
}
