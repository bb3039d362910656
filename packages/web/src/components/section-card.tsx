import { Paper, Stack, Title } from "@mantine/core";
import { type FormEvent, type ReactNode, useId } from "react";

interface SectionCardProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Makes it a form, whose fields Enter sends. */
  readonly onSubmit?: () => void;
}

/** A part of a page with its own heading. */
export function SectionCard({ title, children, onSubmit }: SectionCardProps) {
  const id = useId();
  const content = (
    <Stack gap="sm">
      <Title order={2} size="h5" id={id}>
        {title}
      </Title>
      {children}
    </Stack>
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <Paper withBorder radius="lg" p="md" component="section" aria-labelledby={id}>
      {onSubmit ? (
        // The server says what is wrong, in the same words everywhere.
        <form onSubmit={submit} noValidate>
          {content}
        </form>
      ) : (
        content
      )}
    </Paper>
  );
}
