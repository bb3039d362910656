import { Textarea } from "@mantine/core";

interface OverrideReasonProps {
  readonly value: string;
  readonly onChange: (reason: string) => void;
}

/** Beside what is missing, where one reads that it is. */
export function OverrideReason({ value, onChange }: OverrideReasonProps) {
  return (
    <Textarea
      label="Why not wait for what the policy asks for"
      description="Takes its place. Kept with the decision, for everybody to see."
      required
      mt="xs"
      autosize
      minRows={1}
      maxRows={6}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
