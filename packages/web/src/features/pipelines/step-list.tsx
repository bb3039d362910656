import { VisuallyHidden } from "@mantine/core";
import { useEffect, useId, useRef, useState } from "react";
import type { KnownNames } from "./completions.ts";
import { moveStep, type NewStepNames, removeStep } from "./edit-document.ts";
import type { FormStep } from "./form-document.ts";
import classes from "./pipelines.module.css";
import { StepCard } from "./step-card.tsx";

interface StepListProps {
  /** The document. */
  readonly text: string;
  /** The pipeline's index in it. */
  readonly pipeline: number;
  readonly steps: readonly FormStep[];
  readonly names: KnownNames;
  /** What new steps name. */
  readonly stepNames: NewStepNames;
  readonly onChange: (text: string) => void;
}

/** What to focus once the list shows a change, so that the keyboard stays where it was. */
interface FocusNext {
  readonly position: number;
  readonly control: "up" | "down" | "remove";
}

/** The steps in order; each can be moved, changed and taken away. */
export function StepList({ text, pipeline, steps, onChange, ...names }: StepListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [next, setNext] = useState<FocusNext>();
  const [said, setSaid] = useState("");
  const id = useId();

  useEffect(() => {
    if (!next) return;
    const card = list.current?.querySelector(`[data-position="${next.position}"]`);
    const wanted = [next.control, "up", "down", "remove"].map((control) =>
      card?.querySelector<HTMLElement>(`[data-control="${control}"]:not(:disabled)`),
    );
    wanted.find((each) => each)?.focus();
  }, [next]);

  const move = (position: number, by: -1 | 1) => {
    const to = position + by;
    if (to < 1 || to > steps.length) return;
    onChange(moveStep(text, pipeline, position - 1, to - 1));
    setNext({ position: to, control: by < 0 ? "up" : "down" });
    setSaid(`Moved to place ${to} of ${steps.length}.`);
  };
  const remove = (position: number) => {
    onChange(removeStep(text, pipeline, position - 1));
    setNext({ position: Math.min(position, steps.length - 1), control: "remove" });
    setSaid(`Step ${position} is removed.`);
  };

  return (
    <>
      <ol ref={list} className={classes.steps} aria-label="Steps" aria-describedby={id}>
        {steps.map((step) => (
          <StepCard
            key={step.position}
            {...names}
            text={text}
            pipeline={pipeline}
            step={step}
            count={steps.length}
            onChange={onChange}
            onMove={(by) => move(step.position, by)}
            onRemove={() => remove(step.position)}
          />
        ))}
      </ol>
      <VisuallyHidden id={id}>Alt with the up and down arrows moves a step.</VisuallyHidden>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}
