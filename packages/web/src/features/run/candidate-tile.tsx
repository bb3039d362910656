import { Text, UnstyledButton } from "@mantine/core";
import { AdvancementBadge } from "../../components/advancement-badge.tsx";
import { candidateLabel } from "../../components/candidate-label.ts";
import { CandidateMedia } from "../../components/candidate-media.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { counted } from "../../lib/words.ts";
import classes from "./candidate-grid.module.css";
import { CandidateMenu } from "./candidate-menu.tsx";
import { TextPage } from "./text-page.tsx";

export const CandidateTile_CandidateFragment = graphql(`
  fragment CandidateTile_Candidate on Candidate {
    id
    status
    advancement
    elo
    voteCount
    text
    assets {
      sha256
    }
    ...CandidateLabel_Candidate
    ...CandidateMedia_Candidate
    ...CandidateMenu_Candidate
  }
`);

/** A text too long for a tile takes the whole row, and is read there. */
const PAGE_LENGTH = 280;

function isPage<C extends { readonly text: string | null; readonly assets: readonly unknown[] }>(
  candidate: C,
): candidate is C & { readonly text: string } {
  return candidate.assets.length === 0 && candidate.text !== null && candidate.text.length > PAGE_LENGTH;
}

interface CandidateTileProps {
  readonly candidate: FragmentType<typeof CandidateTile_CandidateFragment>;
  readonly lastStep: boolean;
  readonly onOpen: () => void;
}

/** A candidate in a step's grid: what it is, how it stands, and whether it goes on. */
export function CandidateTile({ candidate: ref, lastStep, onOpen }: CandidateTileProps) {
  const candidate = readFragment(CandidateTile_CandidateFragment, ref);
  const rejected = candidate.status === "REJECTED";
  const label = candidateLabel(candidate);
  return (
    <article
      className={classes.tile}
      aria-label={`Candidate ${label}`}
      data-advancing={(!rejected && candidate.advancement === "ADVANCING") || undefined}
      data-faded={rejected || candidate.advancement === "NOT_ADVANCING" || undefined}
    >
      {isPage(candidate) ? (
        <TextPage text={candidate.text} label={label} onOpen={onOpen} />
      ) : (
        <UnstyledButton className={classes.picture} onClick={onOpen} aria-label={`View candidate ${label} large`}>
          <CandidateMedia candidate={candidate} size="thumb" />
        </UnstyledButton>
      )}
      <div className={classes.caption}>
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={600} lh={1.3}>
            {Math.round(candidate.elo)}{" "}
            <Text span size="xs" c="dimmed" fw={400}>
              Elo
            </Text>
          </Text>
          <Text size="xs" c="dimmed" lh={1.3}>
            {label} · {counted(candidate.voteCount, "vote")}
          </Text>
          <AdvancementBadge status={candidate.status} advancement={candidate.advancement} lastStep={lastStep} />
        </div>
        <CandidateMenu candidate={candidate} onOpen={onOpen} />
      </div>
    </article>
  );
}
