import { Alert, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly children: ReactNode;
  readonly confirmLabel: string;
  readonly danger?: boolean;
  /** What is asked for beside the question is not right yet. */
  readonly blocked?: boolean;
  /** When given, a text field with this label is shown and its trimmed content handed to `onConfirm`. */
  readonly reasonLabel?: string;
  readonly onClose: () => void;
  /** Does it. Resolves to what went wrong in words, or to undefined when it is done; then the dialog closes. */
  readonly onConfirm: (reason: string) => Promise<string | undefined>;
}

/** Asks once more before something that cannot be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} centered>
      <ConfirmBody {...props} />
    </Modal>
  );
}

function ConfirmBody(props: ConfirmDialogProps) {
  const { children, confirmLabel, danger = false, blocked = false, reasonLabel, onClose, onConfirm } = props;
  const [reason, setReason] = useState("");
  const [working, setWorking] = useState(false);
  const [words, setWords] = useState<string>();

  const confirm = async () => {
    setWorking(true);
    const problem = await onConfirm(reason.trim());
    setWorking(false);
    setWords(problem);
    if (problem === undefined) onClose();
  };

  return (
    <Stack>
      <Text size="sm" component="div">
        {children}
      </Text>
      {reasonLabel !== undefined && (
        <Textarea
          label={reasonLabel}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      {words !== undefined && (
        <Alert color="red" role="alert">
          {words}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          {...(danger ? { color: "red" } : {})}
          disabled={blocked}
          loading={working}
          onClick={() => void confirm()}
        >
          {confirmLabel}
        </Button>
      </Group>
    </Stack>
  );
}
