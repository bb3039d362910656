import { Anchor, Button, Checkbox, Container, Group, Paper, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { EmptyPanel } from "../../components/empty-panel.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import type { GateDecision, InboxQuery } from "../../gql/generated/graphql.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { usePageKeys } from "../../lib/use-page-keys.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import classes from "./inbox.module.css";
import { FIRST, MOST, useInbox } from "./inbox-query.ts";
import { InboxRow } from "./inbox-row.tsx";

const route = getRouteApi("/inbox");

/** Every gate that waits for a person, over all runs. */
export function InboxPage() {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const mine = show !== "all";
  return (
    <Container size="lg" py="lg">
      <PageTitle>Approvals</PageTitle>
      <Stack gap="lg">
        <Group justify="space-between">
          <Title order={1} size="h2">
            Approvals
          </Title>
          <SegmentedControl
            aria-label="Which gates"
            value={mine ? "mine" : "all"}
            data={[
              { value: "mine", label: "Mine to decide" },
              { value: "all", label: "All" },
            ]}
            onChange={(value) => void navigate({ search: value === "all" ? { show: "all" } : {} })}
          />
        </Group>
        <Inbox key={mine ? "mine" : "all"} mine={mine} />
        <Text size="sm" c="dimmed">
          What was decided before is in the{" "}
          <Anchor renderRoot={(rootProps) => <Link to="/records" {...rootProps} />} inherit>
            records
          </Anchor>
          .
        </Text>
      </Stack>
    </Container>
  );
}

function Inbox({ mine }: { readonly mine: boolean }) {
  const [first, setFirst] = useState(FIRST);
  const { data, error, reload } = useInbox({ mine, first });
  if (!data) return <LoadState what="gates" error={error} onRetry={reload} />;
  return (
    <InboxList mine={mine} approvals={data.approvals} {...(first < MOST ? { onMore: () => setFirst(MOST) } : {})} />
  );
}

interface InboxListProps {
  readonly mine: boolean;
  readonly approvals: InboxQuery["approvals"];
  /** Undefined where the page is as long as it can be. */
  readonly onMore?: () => void;
}

function InboxList({ mine, approvals, onMore }: InboxListProps) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [decision, setDecision] = useState<GateDecision>();
  const list = useRef<HTMLUListElement>(null);
  // As on a run's page, A opens an approval: the one that has the focus, or the first.
  const openApproval = () => {
    const row = document.activeElement?.closest("li") ?? null;
    (list.current?.contains(row) ? row : list.current)?.querySelector("a")?.click();
  };
  usePageKeys([["a", openApproval]]);
  const nodes = nodesOf(approvals);
  const decidable = nodes.filter(({ mayDecide }) => mayDecide);
  const chosen = decidable.filter(({ id }) => selected.has(id));

  const select = (ids: readonly string[], on: boolean) => {
    const next = new Set(selected);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    setSelected(next);
  };

  return (
    <>
      {nodes.length === 0 ? (
        <Nothing mine={mine} />
      ) : (
        <Paper withBorder radius="lg" style={{ overflow: "hidden" }} component="section" aria-label="Gates that wait">
          <div className={classes.bar}>
            <Checkbox
              aria-label="Select all"
              checked={chosen.length > 0 && chosen.length === decidable.length}
              indeterminate={chosen.length > 0 && chosen.length < decidable.length}
              disabled={decidable.length === 0}
              onChange={(event) =>
                select(
                  decidable.map(({ id }) => id),
                  event.currentTarget.checked,
                )
              }
            />
            <Text size="sm" style={{ flex: 1 }} role="status">
              {chosen.length > 0 ? `${chosen.length} selected` : `${approvals.totalCount} waiting`}
            </Text>
            {chosen.length > 0 && <BulkButtons onChoose={setDecision} />}
          </div>
          <ul className={classes.list} ref={list} aria-label="Gates">
            {nodes.map((node) => (
              <InboxRow
                key={node.id}
                approval={node}
                selected={selected.has(node.id)}
                onSelect={(on) => select([node.id], on)}
              />
            ))}
          </ul>
        </Paper>
      )}
      {approvals.pageInfo.hasNextPage && (
        <Group justify="center">
          {onMore ? (
            <Button variant="default" onClick={onMore}>
              Show more
            </Button>
          ) : (
            <Text size="sm" c="dimmed">
              The first {nodes.length} of {approvals.totalCount}. The others follow as these are decided.
            </Text>
          )}
        </Group>
      )}
      {decision !== undefined && (
        <BulkDialog
          decision={decision}
          approvals={chosen}
          onClose={() => setDecision(undefined)}
          onDecided={(ids) => select(ids, false)}
        />
      )}
    </>
  );
}

function BulkButtons({ onChoose }: { readonly onChoose: (decision: GateDecision) => void }) {
  return (
    <Group gap="xs">
      <Button size="xs" onClick={() => onChoose("APPROVE")}>
        Approve…
      </Button>
      <Button size="xs" variant="subtle" color="red" c="var(--sluice-danger)" onClick={() => onChoose("REJECT")}>
        Reject…
      </Button>
    </Group>
  );
}

/** Nothing to do for this person is no proof that nothing waits. */
function Nothing({ mine }: { readonly mine: boolean }) {
  const navigate = route.useNavigate();
  const { data, error, reload } = useInbox({ mine: false });
  if (!data) return <LoadState what="gates" error={error} onRetry={reload} />;
  const others = data.approvals.totalCount;
  if (!mine || others === 0)
    return <EmptyPanel title="No gate waits">New requests appear here by themselves.</EmptyPanel>;
  return (
    <EmptyPanel
      title="Nothing waits for you"
      action={
        <Button variant="default" onClick={() => void navigate({ search: { show: "all" } })}>
          Show all {others}
        </Button>
      }
    >
      {others === 1 ? "One gate waits" : `${others} gates wait`} for other people, or for more people after you.
    </EmptyPanel>
  );
}
