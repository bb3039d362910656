import { ActionIcon, Button, Group, Menu } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useMutation } from "urql";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { DotsIcon } from "../../components/icons.tsx";
import { toastDone } from "../../components/toast.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { isRunActive } from "../../lib/run-active.ts";
import { useMay } from "../../lib/viewer.ts";
import { ApproveAllDialog } from "./approve-all-dialog.tsx";

export const RunActions_RunFragment = graphql(`
  fragment RunActions_Run on Run {
    id
    number
    status
    approvedSteps
    totalSteps
    budget {
      maxJobs
      attemptsStarted
      maxCostUsd
      costUsd
    }
    ...ApproveAllDialog_Run
  }
`);

const AbortRunMutation = graphql(`
  mutation AbortRun($input: AbortRunInput!) {
    abortRun(input: $input) {
      __typename
      ... on AbortRunSuccess {
        run {
          id
          ...RunHeader_Run
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

const BudgetDialog = lazy(() => import("./budget-dialog.tsx").then(({ BudgetDialog: it }) => ({ default: it })));

/** What may be done to a run that is still going, or that failed and may be taken up again. */
export function RunActions(props: { readonly run: FragmentType<typeof RunActions_RunFragment> }) {
  const run = readFragment(RunActions_RunFragment, props.run);
  const [open, setOpen] = useState<"abort" | "approve-all" | "budget">();
  const [, abortRun] = useMutation(AbortRunMutation);
  const mayDecide = useMay("DECIDE");
  const mayOperate = useMay("OPERATE");
  const close = () => setOpen(undefined);
  const active = isRunActive(run.status);
  if (!active && run.status !== "FAILED") return null;

  const abort = async (reason: string) => {
    const input = { runId: run.id, ...(reason === "" ? {} : { reason }) };
    const outcome = outcomeOf(await abortRun({ input }), (data) => data.abortRun, "AbortRunSuccess");
    if (!outcome.ok) return outcome.words;
    toastDone(`Run #${run.number} was aborted.`);
    return undefined;
  };

  return (
    <Group gap="xs">
      {active && mayDecide && run.approvedSteps < run.totalSteps && (
        <Button variant="default" size="xs" onClick={() => setOpen("approve-all")}>
          Approve all remaining…
        </Button>
      )}
      {active && mayOperate && (
        <Button variant="subtle" color="red" c="var(--sluice-danger)" size="xs" onClick={() => setOpen("abort")}>
          Abort run…
        </Button>
      )}
      {mayOperate && (
        <Menu position="bottom-end" withArrow>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`More for run #${run.number}`}>
              <DotsIcon />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setOpen("budget")}>
              {run.budget.maxJobs === null && run.budget.maxCostUsd === null ? "Set a budget…" : "Raise budget…"}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {open === "budget" && (
        <Suspense>
          <BudgetDialog run={run} onClose={close} />
        </Suspense>
      )}
      <ApproveAllDialog run={run} opened={open === "approve-all"} onClose={close} />
      <ConfirmDialog
        opened={open === "abort"}
        title={`Abort run #${run.number}?`}
        confirmLabel="Abort run"
        danger
        reasonLabel="Reason (optional)"
        onClose={close}
        onConfirm={abort}
      >
        Queued jobs are cancelled and running ones told to stop. What was made so far stays visible. Other runs are not
        affected. An aborted run cannot be taken up again.
      </ConfirmDialog>
    </Group>
  );
}
