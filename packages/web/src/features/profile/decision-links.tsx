import { Anchor, Button, Group, SegmentedControl, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useMutation, useQuery } from "urql";
import { LoadState } from "../../components/load-state.tsx";
import { Paged } from "../../components/paged.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Row, Rows } from "../../components/rows.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import type { DecisionLinksQuery as DecisionLinksResult } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { fullTime } from "../../lib/time.ts";
import { useNow } from "../../lib/use-now.ts";
import { useOnReturn } from "../../lib/use-on-return.ts";
import { useMay } from "../../lib/viewer.ts";
import { linkState } from "./link-state.ts";

const DecisionLinksQuery = graphql(`
  query DecisionLinks($everybody: Boolean!, $after: String) {
    decisionLinks(everybody: $everybody, first: 10, after: $after) {
      edges {
        cursor
        node {
          id
          ...DecisionLinkRow_DecisionLink
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const DecisionLinkRow_DecisionLinkFragment = graphql(`
  fragment DecisionLinkRow_DecisionLink on DecisionLink {
    id
    createdAt
    expiresAt
    revokedAt
    usedAt
    person {
      id
      name
    }
    approval {
      id
      status
      round
      run {
        id
        number
      }
      step {
        id
        position
        name
      }
    }
  }
`);

const RevokeDecisionLinkMutation = graphql(`
  mutation RevokeDecisionLink($input: RevokeDecisionLinkInput!) {
    revokeDecisionLink(input: $input) {
      __typename
      ... on RevokeDecisionLinkSuccess {
        link {
          id
          ...DecisionLinkRow_DecisionLink
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

/** Links that decide one gate without signing in: one's own, and for owners those of everybody. */
export function DecisionLinks() {
  const isOwner = useMay("OWN");
  const [everybody, setEverybody] = useState(false);
  return (
    <SectionCard title="Decision links">
      <Text size="sm">
        Emails carry a link that decides one gate as you, once, without signing in. Whoever has it can use it; revoke
        one that went astray.
      </Text>
      {isOwner && (
        <Group>
          <SegmentedControl
            size="xs"
            aria-label="Whose links"
            value={everybody ? "everybody" : "mine"}
            data={[
              { value: "mine", label: "Mine" },
              { value: "everybody", label: "Everybody's" },
            ]}
            onChange={(value) => setEverybody(value === "everybody")}
          />
        </Group>
      )}
      <Paged
        key={everybody ? "everybody" : "mine"}
        page={(after, next) => <LinksPart everybody={everybody} after={after} next={next} />}
      />
    </SectionCard>
  );
}

interface LinksPartProps {
  readonly everybody: boolean;
  readonly after: string | null;
  readonly next: (end: DecisionLinksResult["decisionLinks"]["pageInfo"]) => ReactNode;
}

function LinksPart({ everybody, after, next }: LinksPartProps) {
  const [{ data, error }, refetch] = useQuery({ query: DecisionLinksQuery, variables: { everybody, after } });
  const reload = () => refetch({ requestPolicy: "network-only" });
  useOnReturn(reload);
  if (!data) return <LoadState what="links" error={error} onRetry={reload} />;
  const nodes = nodesOf(data.decisionLinks);
  if (nodes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        None yet.
      </Text>
    );
  }
  return (
    <>
      <Rows label="Decision links">
        {nodes.map((node) => (
          <DecisionLinkRow key={node.id} link={node} withPerson={everybody} />
        ))}
      </Rows>
      {next(data.decisionLinks.pageInfo)}
    </>
  );
}

interface DecisionLinkRowProps {
  readonly link: FragmentType<typeof DecisionLinkRow_DecisionLinkFragment>;
  readonly withPerson: boolean;
}

function DecisionLinkRow({ link: ref, withPerson }: DecisionLinkRowProps) {
  const link = readFragment(DecisionLinkRow_DecisionLinkFragment, ref);
  const { run, step, round } = link.approval;
  const [{ fetching }, revoke] = useMutation(RevokeDecisionLinkMutation);
  const [words, setWords] = useState<string>();
  const now = useNow();
  const state = linkState(link, now);

  const onRevoke = async () => {
    const answer = await revoke({ input: { linkId: link.id } });
    const outcome = outcomeOf(answer, (data) => data.revokeDecisionLink, "RevokeDecisionLinkSuccess");
    setWords(outcome.ok ? undefined : outcome.words);
  };

  return (
    <Row
      {...(state === "works"
        ? {
            actions: (
              <Button
                size="xs"
                variant="subtle"
                color="red"
                c="var(--sluice-danger)"
                loading={fetching}
                aria-label={`Revoke the link for run #${run.number}, step ${step.position}`}
                onClick={() => void onRevoke()}
              >
                Revoke
              </Button>
            ),
          }
        : {})}
    >
      <Text size="sm" fw={600}>
        <Anchor
          renderRoot={(rootProps) => <Link to="/runs/$runId" params={{ runId: run.id }} {...rootProps} />}
          inherit
        >
          Run #{run.number}
        </Anchor>{" "}
        · step {step.position}: {step.name}
        {round > 1 && `, round ${round}`}
      </Text>
      <Group gap="2px 12px" c="dimmed" fz="sm">
        {withPerson && <span>Of {link.person.name}</span>}
        <span>
          Made <RelativeTime at={link.createdAt} />
        </span>
        <span>{state === "works" ? `Works until ${fullTime(Date.parse(link.expiresAt))}` : state}</span>
      </Group>
      {words !== undefined && (
        <Text size="sm" c="var(--sluice-danger)" role="alert">
          {words}
        </Text>
      )}
    </Row>
  );
}
