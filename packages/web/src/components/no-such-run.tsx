import { Button, Container } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EmptyPanel } from "./empty-panel.tsx";
import { PageTitle } from "./page-title.tsx";

/** For an address of a run, or of one of its pages, that leads to none. */
export function NoSuchRun() {
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
