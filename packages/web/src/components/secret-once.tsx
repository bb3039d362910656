import { Alert, Button, CopyButton, Group, Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

interface SecretOnceProps {
  readonly label: string;
  readonly value: string;
  /** What it is good for, and until when. */
  readonly children: ReactNode;
  readonly onDone: () => void;
}

/** Something that is shown now and never again, to be copied before it is left. */
export function SecretOnce({ label, value, children, onDone }: SecretOnceProps) {
  return (
    <Stack>
      <Alert color="amber" title="Copy it now: it is not shown again">
        {children}
      </Alert>
      <TextInput
        label={label}
        value={value}
        readOnly
        data-autofocus
        // At 14 px some monospaced fonts lose their underscores, and a secret has some.
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end">
        <CopyButton value={value} timeout={4000}>
          {({ copied, copy }) => (
            <Button variant={copied ? "light" : "filled"} onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
