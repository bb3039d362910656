import { ActionIcon, Anchor, Group, Modal, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { type FragmentType, readFragment } from "../gql/generated/index.ts";
import { CandidateDetails } from "./candidate-details.tsx";
import { candidateLabel } from "./candidate-label.ts";
import { CandidateMedia, CandidateMedia_CandidateFragment } from "./candidate-media.tsx";
import { BackIcon, ForwardIcon } from "./icons.tsx";

interface LightboxProps {
  readonly candidates: readonly (FragmentType<typeof CandidateMedia_CandidateFragment> & { readonly id: string })[];
  /** Id of the one shown, wherever it stands by now; undefined closes the box. */
  readonly shown: string | undefined;
  readonly onShow: (id: string | undefined) => void;
}

/** Candidates large, one at a time; the arrow keys go on to the next. */
export function Lightbox({ candidates, shown, onShow }: LightboxProps) {
  const index = candidates.findIndex(({ id }) => id === shown);
  const candidate = candidates[index];
  return (
    <Modal
      opened={candidate !== undefined}
      onClose={() => onShow(undefined)}
      size="min(96vw, 1280px)"
      centered
      zIndex={400}
      title={candidate && <LightboxTitle candidate={candidate} />}
    >
      {candidate && (
        <LightboxBody
          candidate={candidate}
          place={index + 1}
          count={candidates.length}
          onGo={(by) => onShow(candidates[(index + by + candidates.length) % candidates.length]?.id)}
        />
      )}
    </Modal>
  );
}

interface One {
  readonly candidate: FragmentType<typeof CandidateMedia_CandidateFragment>;
}

interface LightboxBodyProps extends One {
  /** From 1, of `count`. */
  readonly place: number;
  readonly count: number;
  /** Called with 1 for the next, -1 for the one before. */
  readonly onGo: (by: 1 | -1) => void;
}

function LightboxTitle(props: One) {
  return `Candidate ${candidateLabel(readFragment(CandidateMedia_CandidateFragment, props.candidate))}`;
}

function LightboxBody({ candidate: ref, place, count, onGo }: LightboxBodyProps) {
  const candidate = readFragment(CandidateMedia_CandidateFragment, ref);
  const original = candidate.assets[0];
  const picture = candidate.assets.some(({ mediaType }) => mediaType.startsWith("image/"));
  useHotkeys([
    ["ArrowLeft", () => onGo(-1)],
    ["ArrowRight", () => onGo(1)],
  ]);
  return (
    <>
      <div style={picture ? { height: "min(66vh, 1280px)" } : { maxHeight: "60vh", overflowY: "auto" }}>
        <CandidateMedia candidate={ref} size="large" />
      </div>
      <Group justify="space-between" mt="sm">
        <Text size="sm" c="dimmed">
          {place} of {count}
        </Text>
        {original && (
          <Anchor href={original.url} target="_blank" rel="noreferrer" size="sm">
            Open the original
            {original.width !== null && original.height !== null && ` (${original.width} × ${original.height})`}
          </Anchor>
        )}
        <Group gap="xs">
          <ActionIcon variant="default" aria-label="Previous candidate" onClick={() => onGo(-1)} disabled={count < 2}>
            <BackIcon />
          </ActionIcon>
          <ActionIcon variant="default" aria-label="Next candidate" onClick={() => onGo(1)} disabled={count < 2}>
            <ForwardIcon />
          </ActionIcon>
        </Group>
      </Group>
      <CandidateDetails candidateId={candidate.id} />
    </>
  );
}
