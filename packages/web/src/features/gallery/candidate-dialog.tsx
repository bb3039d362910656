import { ActionIcon, Anchor, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "urql";
import { AdvancementBadge } from "../../components/advancement-badge.tsx";
import { CandidateDetails } from "../../components/candidate-details.tsx";
import { candidateLabel } from "../../components/candidate-label.ts";
import { CandidateMedia, CandidateMedia_CandidateFragment } from "../../components/candidate-media.tsx";
import { BackIcon, ForwardIcon } from "../../components/icons.tsx";
import { LoadState } from "../../components/load-state.tsx";
import { graphql, readFragment } from "../../gql/generated/index.ts";
import { canReject, canRestore } from "../../lib/may-reject.ts";
import { nodesOf } from "../../lib/nodes.ts";
import { useMay } from "../../lib/viewer.ts";
import { counted } from "../../lib/words.ts";
import { CandidatePicture } from "./candidate-picture.tsx";
import { DecideDialog } from "./decide-dialog.tsx";
import classes from "./dialogs.module.css";
import { Family } from "./family.tsx";
import type { GallerySearch } from "./gallery-search.ts";
import { GalleryTile_CandidateFragment } from "./gallery-tile.tsx";
import type { GalleryCandidate } from "./use-gallery-list.ts";

const GalleryCandidateQuery = graphql(`
  query GalleryCandidate($candidateId: ID!) {
    node(id: $candidateId) {
      __typename
      ... on Candidate {
        id
        step {
          id
          run {
            id
          }
        }
        ...GalleryTile_Candidate
        parent {
          id
          ...GalleryTile_Candidate
        }
        children(first: 12) {
          totalCount
          edges {
            cursor
            node {
              id
              ...GalleryTile_Candidate
            }
          }
        }
      }
    }
  }
`);

interface CandidateDialogProps {
  readonly candidateId: string;
  readonly run: { readonly id: string; readonly prompt: string; readonly totalSteps: number };
  readonly search: GallerySearch;
  /** What the gallery shows of it, so that it is there at once. */
  readonly known: GalleryCandidate | undefined;
  /** Its place in the gallery, from 0; undefined where the gallery does not show it. */
  readonly index: number | undefined;
  /** How many the gallery shows. */
  readonly count: number;
  /** To the one before (-1) or after (1) in the gallery's order. */
  readonly onGo: (by: -1 | 1) => void;
  readonly onCompare: (ids: readonly string[]) => void;
  readonly onClose: () => void;
}

/** One candidate, large, with where it comes from, what was made from it, and what can be done with it. */
export function CandidateDialog(props: CandidateDialogProps) {
  const { candidateId, run, search, known, index, count, onGo, onCompare, onClose } = props;
  const [{ data, error, fetching }, refetch] = useQuery({ query: GalleryCandidateQuery, variables: { candidateId } });
  const [deciding, setDeciding] = useState<"reject" | "restore">();
  const mayDecide = useMay("DECIDE");
  // While another is read, the answer is still about the one before.
  const node = data?.node?.__typename === "Candidate" && data.node.id === candidateId ? data.node : undefined;
  const found = node?.step.run.id === run.id ? node : undefined;
  const candidate = found ? readFragment(GalleryTile_CandidateFragment, found) : known;
  const media = candidate && readFragment(CandidateMedia_CandidateFragment, candidate);
  const parentId = candidate?.parent?.id;
  const rejectable = mayDecide && candidate !== undefined && canReject(candidate);
  const hasBefore = index !== undefined && index > 0;
  const hasAfter = index !== undefined && index < count - 1;
  const compareWithParent = () => parentId !== undefined && onCompare([parentId, candidateId]);

  useHotkeys(
    deciding
      ? []
      : [
          ["ArrowLeft", () => hasBefore && onGo(-1)],
          ["ArrowRight", () => hasAfter && onGo(1)],
          ["x", () => rejectable && setDeciding("reject")],
          ["c", compareWithParent],
        ],
  );

  return (
    <Modal
      opened
      onClose={onClose}
      size="min(96vw, 1320px)"
      centered
      // Where it was opened is where the gallery puts the focus again, at the candidate that was shown last.
      returnFocus={false}
      closeOnEscape={deciding === undefined}
      title={candidate ? `Candidate ${candidateLabel(candidate)}` : "Candidate"}
    >
      {!candidate && (error || fetching) && (
        <LoadState
          what="candidate"
          height="60vh"
          error={error}
          onRetry={() => refetch({ requestPolicy: "network-only" })}
        />
      )}
      {!candidate && !error && !fetching && <Text>This run has no such candidate. The address may be mistyped.</Text>}
      {candidate && media && (
        <div className={classes.detail}>
          {media.assets[0] ? (
            <CandidatePicture key={candidateId} candidate={candidate} original={media.assets[0]} />
          ) : (
            <div className={classes.stage} data-text>
              <CandidateMedia key={candidateId} candidate={candidate} size="large" />
            </div>
          )}
          <Stack gap="sm" className={classes.side}>
            <div>
              <Text fw={600} size="lg" lh={1.3}>
                {Math.round(candidate.elo)}{" "}
                <Text span size="sm" c="dimmed" fw={400}>
                  Elo · {counted(candidate.voteCount, "vote")}
                </Text>
              </Text>
              <Text size="sm" c="dimmed">
                Step {candidate.step.position}: {candidate.step.name}
                {candidate.round > 1 && `, round ${candidate.round}`}
              </Text>
              <AdvancementBadge
                status={candidate.status}
                advancement={candidate.advancement}
                lastStep={candidate.step.position === run.totalSteps}
              />
            </div>
            <Group gap="xs">
              {parentId !== undefined && (
                <Button variant="default" size="xs" onClick={compareWithParent}>
                  Compare with its parent
                </Button>
              )}
              {rejectable && (
                <Button variant="default" size="xs" c="var(--sluice-danger)" onClick={() => setDeciding("reject")}>
                  Reject…
                </Button>
              )}
              {mayDecide && canRestore(candidate) && (
                <Button variant="default" size="xs" onClick={() => setDeciding("restore")}>
                  Restore…
                </Button>
              )}
            </Group>
            {found && (
              <Family
                runId={run.id}
                candidate={candidate}
                parent={found.parent && readFragment(GalleryTile_CandidateFragment, found.parent)}
                childCount={found.children.totalCount}
                offspring={nodesOf(found.children).map((child) => readFragment(GalleryTile_CandidateFragment, child))}
                search={search}
              />
            )}
            <CandidateDetails candidateId={candidateId} />
            <Anchor
              size="sm"
              renderRoot={(rootProps) => (
                <Link
                  to="/runs/$runId/lineage"
                  params={{ runId: run.id }}
                  search={{ candidate: candidateId }}
                  {...rootProps}
                />
              )}
            >
              Show in the lineage
            </Anchor>
            {media.assets[0] && (
              <Anchor href={media.assets[0].url} target="_blank" rel="noreferrer" size="sm">
                Open the original
                {media.assets[0].width !== null &&
                  media.assets[0].height !== null &&
                  ` (${media.assets[0].width} × ${media.assets[0].height})`}
              </Anchor>
            )}
          </Stack>
        </div>
      )}
      <Group justify="space-between" mt="sm">
        <Text size="sm" c="dimmed">
          {index === undefined ? "Not among those that the gallery shows" : `${index + 1} of ${count}`}
        </Text>
        <Group gap="xs">
          <ActionIcon variant="default" aria-label="Previous candidate" disabled={!hasBefore} onClick={() => onGo(-1)}>
            <BackIcon />
          </ActionIcon>
          <ActionIcon variant="default" aria-label="Next candidate" disabled={!hasAfter} onClick={() => onGo(1)}>
            <ForwardIcon />
          </ActionIcon>
        </Group>
      </Group>
      {deciding && candidate && (
        <DecideDialog kind={deciding} candidates={[candidate]} onClose={() => setDeciding(undefined)} />
      )}
    </Modal>
  );
}
