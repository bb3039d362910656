import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useMutation } from "urql";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { toastDone } from "../../components/toast.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { useMay } from "../../lib/viewer.ts";
import { ApproveAllDialog } from "./approve-all-dialog.tsx";

export const RunActions_RunFragment = graphql(`
  fragment RunActions_Run on Run {
    id
    number
    status
    approvedSteps
    totalSteps
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

/** What may be done to a run that is still going. */
export function RunActions(props: { readonly run: FragmentType<typeof RunActions_RunFragment> }) {
  const run = readFragment(RunActions_RunFragment, props.run);
  const [open, setOpen] = useState<"abort" | "approve-all">();
  const [, abortRun] = useMutation(AbortRunMutation);
  const mayDecide = useMay("DECIDE");
  const mayOperate = useMay("OPERATE");
  const close = () => setOpen(undefined);
  if (run.status !== "RUNNING" && run.status !== "WAITING_FOR_APPROVAL") return null;

  const abort = async (reason: string) => {
    const input = { runId: run.id, ...(reason === "" ? {} : { reason }) };
    const outcome = outcomeOf(await abortRun({ input }), (data) => data.abortRun, "AbortRunSuccess");
    if (!outcome.ok) return outcome.words;
    toastDone(`Run #${run.number} was aborted.`);
    return undefined;
  };

  return (
    <Group gap="xs">
      {mayDecide && run.approvedSteps < run.totalSteps && (
        <Button variant="default" size="xs" onClick={() => setOpen("approve-all")}>
          Approve all remaining…
        </Button>
      )}
      {mayOperate && (
        <Button variant="subtle" color="red" c="var(--sluice-danger)" size="xs" onClick={() => setOpen("abort")}>
          Abort run…
        </Button>
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
