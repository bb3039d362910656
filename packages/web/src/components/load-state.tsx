import { Skeleton } from "@mantine/core";
import type { CombinedError } from "urql";
import { wordsForError } from "../lib/errors.ts";
import { ErrorPanel } from "./error-panel.tsx";

interface LoadStateProps {
  /** What is read, to follow "The": "API keys". */
  readonly what: string;
  readonly error: CombinedError | undefined;
  readonly onRetry: () => void;
}

/** In place of what is not there yet: that it is on its way, or why it is not. */
export function LoadState({ what, error, onRetry }: LoadStateProps) {
  if (!error) return <Skeleton height={120} role="status" aria-label={`Loading the ${what}`} />;
  return <ErrorPanel title={`The ${what} could not be loaded`} words={wordsForError(error)} onRetry={onRetry} />;
}
