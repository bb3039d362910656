import { Skeleton } from "@mantine/core";
import type { CombinedError } from "urql";
import { wordsForError } from "../lib/errors.ts";
import { ErrorPanel } from "./error-panel.tsx";

interface LoadStateProps {
  /** What is read, to follow "The": "API keys". */
  readonly what: string;
  readonly error: CombinedError | undefined;
  readonly onRetry: () => void;
  /** Of what comes in its place, about. */
  readonly height?: number | string;
}

/** In place of what is not there yet: that it is on its way, or why it is not. */
export function LoadState({ what, error, onRetry, height = 120 }: LoadStateProps) {
  if (!error) return <Skeleton height={height} role="status" aria-label={`Loading the ${what}`} />;
  return <ErrorPanel title={`The ${what} could not be loaded`} words={wordsForError(error)} onRetry={onRetry} />;
}
