import { lazy, Suspense } from "react";
import classes from "./text-diff.module.css";
import type { TextDiffProps } from "./text-diff-marks.tsx";

const Marked = lazy(() => import("./text-diff-marks.tsx").then(({ TextDiffMarks }) => ({ default: TextDiffMarks })));

/** A text with what differs marked, word by word. Until the marks are there, which load when first needed, the plain text. */
export function TextDiff(props: TextDiffProps) {
  return (
    <div className={classes.text} data-diff={props.show}>
      <Suspense fallback={props.show === "before" ? props.before : props.after}>
        <Marked {...props} />
      </Suspense>
    </div>
  );
}
