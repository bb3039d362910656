import { Button, Container } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EmptyPanel } from "../components/empty-panel.tsx";
import { PageTitle } from "../components/page-title.tsx";

export function NotFoundPage() {
  return (
    <Container size="sm" py="xl">
      <PageTitle>Not found</PageTitle>
      <EmptyPanel
        title="There is no page here"
        action={<Button renderRoot={(rootProps) => <Link to="/runs" {...rootProps} />}>Go to the runs</Button>}
      >
        The address may be mistyped, or what it showed does not exist any more.
      </EmptyPanel>
    </Container>
  );
}
