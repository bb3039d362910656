import { Container } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorPanel } from "../components/error-panel.tsx";
import { PageTitle } from "../components/page-title.tsx";

/** As Chromium, Firefox and Safari put it. */
const NOT_LOADED = /dynamically imported module|error loading dynamically|importing a module script failed/i;

/** In place of a page that could not be shown: most often a part of it could not be loaded because of an update. */
export function RouteErrorPage({ error }: ErrorComponentProps) {
  const reason = error instanceof Error ? error.message : "Something went wrong in it";
  const words = NOT_LOADED.test(reason)
    ? "A part of it could not be loaded: Sluice was updated, or the connection was lost."
    : `It failed with “${reason}”.`;
  return (
    <Container size="sm" py="xl">
      <PageTitle>Not shown</PageTitle>
      <ErrorPanel
        title="This page could not be shown"
        words={`${words} Reloading usually helps.`}
        retryLabel="Reload"
        onRetry={() => window.location.reload()}
      />
    </Container>
  );
}
