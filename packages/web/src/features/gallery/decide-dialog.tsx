import { Alert, Button, Group, List, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { candidateLabel } from "../../components/candidate-label.ts";
import { toastDone } from "../../components/toast.ts";
import { canReject, canRestore, REJECTED_PARENT } from "../../lib/may-reject.ts";
import { counted } from "../../lib/words.ts";
import { type EachAction, useEach } from "./use-each.ts";
import type { GalleryCandidate } from "./use-gallery-list.ts";

interface DecideDialogProps {
  readonly kind: EachAction["kind"];
  readonly candidates: readonly GalleryCandidate[];
  /** Told the ids of those with which it was done. */
  readonly onClose: (done: readonly string[]) => void;
}

/** Asks once more before candidates are rejected or restored, and tells of each that was refused why. */
export function DecideDialog({ kind, candidates, onClose }: DecideDialogProps) {
  // Who was chosen when the dialog opened: what others decide meanwhile is told as a refusal, and nothing slips away.
  const [chosen] = useState(() => candidates.filter(kind === "reject" ? canReject : canRestore));
  const [labels] = useState(() => new Map(chosen.map((candidate) => [candidate.id, candidateLabel(candidate)])));
  const [undecided] = useState(() => chosen.some(({ advancement }) => advancement === "UNDECIDED"));
  const [left, setLeft] = useState<readonly string[]>(() => chosen.map(({ id }) => id));
  const [replace, setReplace] = useState(true);
  const { run, working, results } = useEach();
  const refused = results.filter(({ words }) => words !== undefined);
  const skipped = candidates.length - chosen.length;
  const subject = chosen.length === 1 ? `candidate ${[...labels.values()][0]}` : counted(chosen.length, "candidate");
  const verb = kind === "reject" ? "Reject" : "Restore";
  const close = () => onClose([...labels.keys()].filter((id) => results.length > 0 && !left.includes(id)));
  const over = results.length > 0 && !working;

  const confirm = async () => {
    const action: EachAction = kind === "reject" ? { kind, replace: replace && undecided } : { kind };
    const answers = await run(left, action);
    const failed = answers.filter(({ words }) => words !== undefined).map(({ id }) => id);
    const done = answers.length - failed.length;
    if (done > 0) toastDone(`${counted(done, "candidate")} ${kind === "reject" ? "rejected" : "restored"}.`);
    if (failed.length === 0) onClose(chosen.map(({ id }) => id));
    else setLeft(failed);
  };

  return (
    <Modal opened onClose={close} title={chosen.length === 0 ? verb : `${verb} ${subject}?`} centered>
      <Stack>
        <Text size="sm">{explain(kind, chosen.length, undecided)}</Text>
        {kind === "reject" && undecided && !over && (
          <Radio.Group
            label={chosen.length === 1 ? "Its place" : "Their places"}
            value={replace ? "replace" : "empty"}
            onChange={(value) => setReplace(value === "replace")}
          >
            <Stack gap={6} mt={6}>
              <Radio value="replace" label="Make a replacement" />
              <Radio value="empty" label="Leave it empty: the step has fewer candidates" />
            </Stack>
          </Radio.Group>
        )}
        {skipped > 0 && chosen.length > 0 && (
          <Text size="sm" c="dimmed">
            {counted(skipped, "other")} of the selection {skipped === 1 ? "is" : "are"}{" "}
            {kind === "reject" ? "rejected or below the cut already" : "not rejected"}, and left alone.
          </Text>
        )}
        {refused.length > 0 && (
          <Alert color="red" role="alert" title={`${refused.length} of ${results.length} refused`}>
            <List size="sm">
              {refused.map(({ id, words }) => (
                <List.Item key={id}>
                  <strong>{labels.get(id)}</strong>: {words}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {over ? "Close" : "Cancel"}
          </Button>
          <Button
            {...(kind === "reject" ? { color: "red" } : {})}
            disabled={chosen.length === 0}
            loading={working}
            onClick={() => void confirm()}
          >
            {over ? "Try again" : chosen.length === 1 ? verb : `${verb} ${chosen.length}`}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function explain(kind: EachAction["kind"], count: number, undecided: boolean): string {
  if (count === 0) {
    return kind === "reject"
      ? "What is selected is rejected or below the cut already: there is nothing to reject."
      : "Nothing that is selected is rejected: there is nothing to restore.";
  }
  if (kind === "restore") {
    return "It is ranked again with the votes that it had, and can advance. A replacement that has not been begun is given up; one that is made stays.";
  }
  if (undecided) return "What is rejected takes no further part. It stays in the gallery.";
  return REJECTED_PARENT;
}
