import { Button, Container } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { CombinedError } from "urql";
import { wordsForError } from "../lib/errors.ts";
import { EmptyPanel } from "./empty-panel.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { PagePending } from "./page-pending.tsx";
import { PageTitle } from "./page-title.tsx";

interface RunNotThereProps {
  /** What of the run the page is about, to follow "The". */
  readonly what?: string;
  readonly error: CombinedError | undefined;
  readonly loading: boolean;
  readonly onRetry: () => void;
}

/** In place of a run, or of one of its pages: that it is on its way, why it is not, or that there is none. */
export function RunNotThere({ what = "run", error, loading, onRetry }: RunNotThereProps) {
  if (error) {
    return (
      <Container size="md" py="lg">
        <ErrorPanel title={`The ${what} could not be loaded`} words={wordsForError(error)} onRetry={onRetry} />
      </Container>
    );
  }
  if (loading) return <PagePending />;
  return (
    <Container size="sm" py="xl">
      <PageTitle>Run not found</PageTitle>
      <EmptyPanel
        title="There is no such run"
        action={<Button renderRoot={(rootProps) => <Link to="/runs" {...rootProps} />}>Go to the runs</Button>}
      >
        The address may be mistyped.
      </EmptyPanel>
    </Container>
  );
}
