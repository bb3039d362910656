import { Button, Skeleton, Stack } from "@mantine/core";
import { lazy, Suspense, useId, useState } from "react";

import { ChevronDownIcon, ForwardIcon } from "../../components/icons.tsx";

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
        // In line with what stands above and below it, as its background shows only under the pointer.
        ml={-8}
        leftSection={open ? <ChevronDownIcon size={14} /> : <ForwardIcon size={14} />}
        onClick={() => setOpen((before) => !before)}
      >
        Ratings and votes
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
