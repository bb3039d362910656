import { Button, Container, Group, Kbd, Stack, Text, Title } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { BackLink } from "../../components/back-link.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import type { CandidateFilter, GalleryRunQuery } from "../../gql/generated/graphql.ts";
import { canReject, canRestore } from "../../lib/may-reject.ts";
import { useMay } from "../../lib/viewer.ts";
import { counted } from "../../lib/words.ts";
import { filesLink } from "./download-links.ts";
import { DownloadMenu } from "./download-menu.tsx";
import { EmptyGallery } from "./empty-gallery.tsx";
import { GalleryFilters } from "./gallery-filters.tsx";
import { GalleryGrid, type GridHandle } from "./gallery-grid.tsx";
import {
  type Choice,
  chosen,
  comparedIds,
  filtersSet,
  type GallerySearch,
  MOST_COMPARED,
  withoutFilters,
} from "./gallery-search.ts";
import { KeysHelp } from "./keys-help.tsx";
import classes from "./page.module.css";
import { SelectionBar } from "./selection-bar.tsx";
import { useDownloadMatching } from "./use-download-matching.ts";
import { type GalleryCandidate, PAGE } from "./use-gallery-list.ts";
import type { useLiveList } from "./use-live-list.ts";
import { useSelection } from "./use-selection.ts";

const CandidateDialog = lazy(() =>
  import("./candidate-dialog.tsx").then(({ CandidateDialog: it }) => ({ default: it })),
);
const CompareDialog = lazy(() => import("./compare-dialog.tsx").then(({ CompareDialog: it }) => ({ default: it })));
const DecideDialog = lazy(() => import("./decide-dialog.tsx").then(({ DecideDialog: it }) => ({ default: it })));

const route = getRouteApi("/runs/$runId/gallery");

interface GalleryViewProps {
  readonly run: NonNullable<GalleryRunQuery["run"]>;
  /** Of what is chosen in the address; undefined for everything. */
  readonly filter: CandidateFilter | undefined;
  readonly live: ReturnType<typeof useLiveList>;
}

export function GalleryView({ run, filter, live }: GalleryViewProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { list, counts, change, restart, setVisible } = live;
  const { items, total, want } = list;
  const selection = useSelection(items);
  const [deciding, setDeciding] = useState<{ kind: "reject" | "restore"; candidates: readonly GalleryCandidate[] }>();
  const [help, setHelp] = useState(false);
  const grid = useRef<GridHandle>(null);
  const mayDecide = useMay("DECIDE");
  const download = useDownloadMatching(run, search, filter);

  const choose = (change: Choice, replace = true) =>
    void navigate({ search: (before: GallerySearch) => chosen(before, change), replace, resetScroll: false });
  const opened = search.open;
  const openIndex = selection.placeOf(opened);
  const [sought] = useState(opened);
  // An address may name a candidate that is far down: read on until its place is known.
  useEffect(() => {
    if (opened !== undefined && opened === sought && openIndex === undefined && !list.complete) want(items.length + 1);
  }, [opened, sought, openIndex, list.complete, items.length, want]);

  const compared = comparedIds(search);
  const closeOpen = () => {
    choose({ open: undefined });
    if (openIndex !== undefined) grid.current?.focus(openIndex);
  };
  const closeCompare = () => {
    choose({ compare: undefined, view: undefined });
    grid.current?.focus(selection.active);
  };
  const go = (by: -1 | 1) => {
    const next = openIndex === undefined ? undefined : items[openIndex + by];
    if (openIndex !== undefined) want(openIndex + by + PAGE / 2);
    if (next) choose({ open: next.id });
  };
  const compare = (ids: readonly string[]) =>
    choose({ compare: ids.slice(0, MOST_COMPARED).join(","), view: undefined, open: undefined }, false);
  const decide = (kind: "reject" | "restore") => {
    const fitting = kind === "reject" ? canReject : canRestore;
    // A key that is pressed elsewhere on the page is not about the tile that had the focus last.
    const focused = document.activeElement?.closest('[role="grid"]') ? items[selection.active] : undefined;
    const candidates = selection.candidates.length > 0 ? selection.candidates : focused ? [focused] : [];
    if (mayDecide && candidates.some(fitting)) setDeciding({ kind, candidates });
  };
  const endDecision = (done: readonly string[]) => {
    setDeciding(undefined);
    selection.drop(done);
    grid.current?.focus(selection.active);
  };

  const comparable = selection.ids.length >= 2 && selection.ids.length <= MOST_COMPARED;
  const waiting = run.steps.find(({ status }) => status === "AWAITING_APPROVAL");
  const free = opened === undefined && compared.length === 0 && !deciding && !help;
  useHotkeys(
    free
      ? [
          ["c", () => comparable && compare(selection.ids)],
          ["x", () => decide("reject")],
          ["r", () => decide("restore")],
          ["g", () => void navigate({ to: "/runs/$runId", params: { runId: run.id } })],
          [
            "a",
            () =>
              waiting &&
              void navigate({ to: "/runs/$runId", params: { runId: run.id }, search: { approve: waiting.id } }),
          ],
          ["/", () => document.querySelector<HTMLInputElement>('search input[type="search"]')?.focus()],
          ["shift+?", () => setHelp(true)],
        ]
      : [],
  );

  return (
    <Container size="xl" py="lg">
      <PageTitle>{`Gallery of #${run.number} ${run.name}`}</PageTitle>
      <Stack gap="sm">
        <div className={classes.head}>
          <div style={{ minWidth: 0 }}>
            <BackLink renderRoot={(rootProps) => <Link to="/runs/$runId" params={{ runId: run.id }} {...rootProps} />}>
              Run #{run.number}, {run.name}
            </BackLink>
            <Title order={1} size="h2">
              Gallery
            </Title>
          </div>
          <Group gap="xs">
            <DownloadMenu
              runNumber={run.number}
              search={search}
              selected={selection.ids}
              matching={counts.matching}
              all={counts.all}
              onMatching={() => void download()}
            />
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              aria-label="Show the keys"
              data-without-touch
              onClick={() => setHelp(true)}
              rightSection={
                <Kbd size="xs" visibleFrom="sm" aria-hidden="true">
                  ?
                </Kbd>
              }
            >
              Keys
            </Button>
          </Group>
        </div>
        <GalleryFilters
          search={search}
          steps={run.steps.filter(({ kind }) => kind !== "APPROVAL")}
          generators={counts.generators}
          models={counts.models}
          onChoose={(each) => choose(each)}
          onClear={() => void navigate({ search: withoutFilters, replace: true, resetScroll: false })}
        />
        <div>
          <div className={classes.counts}>
            <Text size="sm" role="status">
              {total !== undefined && counts.all !== undefined && (
                <>
                  <strong>{total}</strong> of {counted(Math.max(counts.all, total), "candidate")}
                </>
              )}
            </Text>
            <div role="status">
              {change !== undefined && (
                <Button size="xs" radius="xl" onClick={restart}>
                  {change}: show
                </Button>
              )}
            </div>
          </div>
          {total === undefined && (
            <LoadState what="candidates" height={360} error={list.error} onRetry={list.restart} />
          )}
          {total === 0 && (
            <EmptyGallery filtered={filtersSet(search) > 0} onClear={() => void navigate({ search: withoutFilters })} />
          )}
          {total !== undefined && total > 0 && (
            <GalleryGrid
              items={items}
              total={list.complete ? items.length : total}
              size={search.size ?? "m"}
              lastPosition={run.totalSteps}
              withStep={search.step === undefined && run.steps.length > 1}
              selected={selection.ids}
              active={selection.active}
              onActive={selection.setActive}
              onOpen={(index) => items[index] && choose({ open: items[index].id }, false)}
              onToggle={selection.toggle}
              onRange={selection.reach}
              onEscape={selection.clear}
              onVisible={setVisible}
              handle={grid}
            />
          )}
          <SelectionBar
            selected={selection.candidates}
            downloadHref={filesLink({ runNumber: run.number, ids: selection.ids })}
            onCompare={() => compare(selection.ids)}
            onDecide={decide}
            onClear={selection.clear}
          />
        </div>
      </Stack>
      <Suspense>
        {opened !== undefined && (
          <CandidateDialog
            candidateId={opened}
            run={run}
            search={search}
            known={openIndex === undefined ? undefined : items[openIndex]}
            index={openIndex}
            count={list.complete ? items.length : (total ?? items.length)}
            onGo={go}
            onCompare={compare}
            onClose={closeOpen}
          />
        )}
        {opened === undefined && compared.length > 0 && (
          <CompareDialog
            run={run}
            ids={compared}
            view={search.view}
            onView={(view) => choose({ view })}
            onIds={(ids) => choose({ compare: ids.join(",") })}
            onOpen={(open) => choose({ open }, false)}
            onClose={closeCompare}
          />
        )}
        {deciding && <DecideDialog {...deciding} onClose={endDecision} />}
      </Suspense>
      <KeysHelp opened={help} onClose={() => setHelp(false)} />
    </Container>
  );
}
