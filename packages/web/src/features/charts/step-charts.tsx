import { Button, Skeleton, Stack } from "@mantine/core";
import { lazy, Suspense, useId, useState } from "react";

const StepChartsBody = lazy(() => import("./step-charts-body.tsx").then(({ StepChartsBody: it }) => ({ default: it })));

interface StepChartsProps {
  readonly step: { readonly id: string; readonly position: number };
}

/** How the ratings of a step stand and when people voted, for whoever asks. */
export function StepCharts({ step }: StepChartsProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        aria-expanded={open}
        aria-controls={id}
        aria-label={`Ratings and votes of step ${step.position}`}
        onClick={() => setOpen((before) => !before)}
      >
        {open ? "Hide ratings and votes" : "Ratings and votes"}
      </Button>
      <Stack id={id} gap="lg" mt={open ? "sm" : 0}>
        {open && (
          <Suspense fallback={<Skeleton height={180} />}>
            <StepChartsBody stepId={step.id} />
          </Suspense>
        )}
      </Stack>
    </div>
  );
}
