import { Progress } from "@mantine/core";

interface ProgressBarProps {
  /** What it is the progress of. */
  readonly label: string;
  /** From 0 to 100; undefined where nobody knows: striped from end to end then. */
  readonly value: number | undefined;
  /** How far it is, in the words that a screen reader says: Mantine's own section says a bare percentage over them. */
  readonly words: string;
  readonly size: "sm" | "md" | "lg";
  readonly color?: string;
  /** It moves: something is at work. */
  readonly animated?: boolean;
  readonly mt?: number;
}

/** A bar that says how far something is to the eye and in words. */
export function ProgressBar({ label, value, words, size, color, animated = false, mt = 0 }: ProgressBarProps) {
  const fill = value === undefined ? "gray.5" : color;
  return (
    <Progress.Root
      size={size}
      mt={mt}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      aria-valuetext={words}
    >
      <Progress.Section
        withAria={false}
        value={value ?? 100}
        animated={animated}
        {...(fill === undefined ? {} : { color: fill })}
      />
    </Progress.Root>
  );
}
