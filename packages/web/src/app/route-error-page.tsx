import { Container } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorPanel } from "../components/error-panel.tsx";

/** A page that could not be shown: most often its script could not be loaded because a new version was deployed. */
export function RouteErrorPage({ error }: ErrorComponentProps) {
  const reason = error instanceof Error ? error.message : "Its script could not be loaded";
  return (
    <Container size="sm" py="xl">
      <ErrorPanel
        title="This page could not be shown"
        words={`${reason}. Reloading usually helps: the dashboard may have been updated.`}
        retryLabel="Reload"
        onRetry={() => window.location.reload()}
      />
    </Container>
  );
}
