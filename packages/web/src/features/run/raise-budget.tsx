import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { isRunActive } from "../../lib/run-active.ts";
import { useMay } from "../../lib/viewer.ts";
import { budgetSpent } from "./budget-words.ts";

export const RaiseBudget_RunFragment = graphql(`
  fragment RaiseBudget_Run on Run {
    id
    number
    status
    budget {
      maxJobs
      attemptsStarted
      maxCostUsd
      costUsd
    }
  }
`);

const BudgetDialog = lazy(() => import("./budget-dialog.tsx").then(({ BudgetDialog: it }) => ({ default: it })));

/** Where a run has stopped for want of a budget: what lets it go on. */
export function RaiseBudget(props: { readonly run: FragmentType<typeof RaiseBudget_RunFragment> }) {
  const run = readFragment(RaiseBudget_RunFragment, props.run);
  const [open, setOpen] = useState(false);
  const mayOperate = useMay("OPERATE");
  const goesOn = isRunActive(run.status) || run.status === "FAILED";
  // The dialog stays where somebody else raises it meanwhile: what was typed is not lost.
  if (!mayOperate || (!open && !(goesOn && budgetSpent(run.budget)))) return null;
  return (
    <>
      <Button size="xs" variant="default" mt="xs" onClick={() => setOpen(true)}>
        Raise budget…
      </Button>
      {open && (
        <Suspense>
          <BudgetDialog run={run} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
