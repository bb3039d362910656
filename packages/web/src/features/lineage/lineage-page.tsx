import { Anchor, Container, Group, SegmentedControl, Stack, Switch, Text, Title, VisuallyHidden } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useClient } from "urql";
import { BackLink } from "../../components/back-link.tsx";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { RunNotThere } from "../../components/run-not-there.tsx";
import { counted } from "../../lib/words.ts";
import { LineageCanvas } from "./lineage-canvas.tsx";
import { LineageLegend } from "./lineage-legend.tsx";
import { LineageLightbox } from "./lineage-lightbox.tsx";
import { factsOf, LineageList } from "./lineage-list.tsx";
import type { LineageRun } from "./lineage-query.ts";
import type { LineageSearch } from "./lineage-search.ts";
import { STANDING_WORDS } from "./standing.ts";
import { SnippetsContext, snippetsOf } from "./text-snippets.ts";
import { ancestry, type TreeCandidate, treeOf } from "./tree.ts";
import { useLineage } from "./use-lineage.ts";

const route = getRouteApi("/runs/$runId/lineage");

export function LineagePage() {
  const { runId } = route.useParams();
  const { run, error, reload, loading } = useLineage(runId);
  if (run) return <Lineage key={runId} run={run} />;
  return <RunNotThere what="lineage" error={error} loading={loading} onRetry={reload} />;
}

/** A run as a tree from its first candidates to its winners. What is chosen, and how it is shown, is in the address. */
function Lineage({ run }: { readonly run: LineageRun }) {
  const { candidate: activeId, advancing = false, view = "tree" } = route.useSearch();
  const navigate = route.useNavigate();
  const client = useClient();
  const [snippets] = useState(() => snippetsOf(client, run.id));
  const [opened, setOpened] = useState<string>();
  const whole = useMemo(() => treeOf(run), [run]);
  const shown = useMemo(() => (advancing ? whole.filter(({ goesOn }) => goesOn) : whole), [whole, advancing]);
  const active = whole.find(({ id }) => id === activeId);
  const line = opened === undefined ? [] : ancestry(whole, opened).map(({ id }) => id);

  const change = (search: LineageSearch) =>
    void navigate({ search: (before) => ({ ...before, ...search }), replace: true, resetScroll: false });
  const onOpen = (id: string) => {
    setOpened(id);
    change({ candidate: id });
  };
  const onShow = (id: string | undefined) => {
    if (id === undefined) setOpened(undefined);
    else change({ candidate: id });
  };
  const label = `Lineage of run #${run.number}`;

  return (
    <SnippetsContext value={snippets}>
      <PageTitle>{label}</PageTitle>
      <Container fluid py="md" px={{ base: "sm", sm: "lg" }}>
        <Stack gap="sm">
          <Group justify="space-between" align="flex-end" gap="sm">
            <div style={{ minWidth: 0 }}>
              <BackLink
                renderRoot={(rootProps) => <Link to="/runs/$runId" params={{ runId: run.id }} {...rootProps} />}
              >
                Run #{run.number}, {run.name}
              </BackLink>
              <Title order={1} size="h2">
                Lineage
              </Title>
              <Text size="sm" c="dimmed">
                {summary(whole)}
              </Text>
            </div>
            <Group gap="md">
              <Anchor
                size="sm"
                renderRoot={(rootProps) => <Link to="/runs/$runId/gallery" params={{ runId: run.id }} {...rootProps} />}
              >
                Gallery
              </Anchor>
              <Switch
                label="Advancing only"
                checked={advancing}
                onChange={(event) => change({ advancing: event.currentTarget.checked || undefined })}
              />
              <SegmentedControl
                size="xs"
                aria-label="Show as"
                data={[
                  { value: "tree", label: "Tree" },
                  { value: "list", label: "List" },
                ]}
                value={view}
                onChange={(value) => change({ view: value === "list" ? "list" : undefined })}
              />
            </Group>
          </Group>
          {shown.length === 0 && (
            <EmptyPanel title={whole.length === 0 ? "No candidates yet" : "Nothing advances yet"}>
              {whole.length === 0
                ? "They appear here as they are made, each beside what it was made from."
                : "A candidate advances once the gate of its step is open."}
            </EmptyPanel>
          )}
          {shown.length > 0 && view === "tree" && (
            <>
              <LineageCanvas
                key={advancing ? "advancing" : "all"}
                run={run}
                tree={shown}
                activeId={activeId}
                label={`${label}. Arrow keys go to parents, children and neighbours, Enter opens one, plus and minus zoom, 0 shows all.`}
                onActive={(id) => change({ candidate: id })}
                onOpen={onOpen}
              />
              <VisuallyHidden role="status">{active && spoken(active)}</VisuallyHidden>
              <LineageLegend runId={run.id} active={active} onOpen={onOpen} />
            </>
          )}
          {shown.length > 0 && view === "list" && <LineageList tree={shown} label={label} onOpen={onOpen} />}
        </Stack>
      </Container>
      <LineageLightbox runId={run.id} line={line} shown={opened === undefined ? undefined : activeId} onShow={onShow} />
    </SnippetsContext>
  );
}

function spoken(candidate: TreeCandidate): string {
  return `Candidate ${candidate.label}. ${STANDING_WORDS[candidate.standing]}. ${factsOf(candidate)}`;
}

/** "40 candidates · 12 advancing · 1 winner" */
function summary(tree: readonly TreeCandidate[]): string {
  const winners = tree.filter(({ standing }) => standing === "winner").length;
  return [
    counted(tree.length, "candidate"),
    `${tree.filter(({ standing }) => standing === "advancing").length} advancing`,
    ...(winners > 0 ? [counted(winners, "winner")] : []),
  ].join(" · ");
}
