import { ActionIcon, Anchor, Group, Modal, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { type FragmentType, readFragment } from "../gql/generated/index.ts";
import { CandidateDetails } from "./candidate-details.tsx";
import { candidateLabel } from "./candidate-label.ts";
import { CandidateMedia, CandidateMedia_CandidateFragment } from "./candidate-media.tsx";
import { BackIcon, ForwardIcon } from "./icons.tsx";

interface LightboxProps {
  readonly candidates: readonly FragmentType<typeof CandidateMedia_CandidateFragment>[];
  /** Instead of the candidates' own numbers, where those must not be told. */
  readonly titles?: readonly string[];
  /** The one shown; undefined closes the box. */
  readonly index: number | undefined;
  readonly onIndex: (index: number | undefined) => void;
}

/** Candidates large, one at a time; the arrow keys go on to the next. */
export function Lightbox({ candidates, titles, index, onIndex }: LightboxProps) {
  const shown = index === undefined ? undefined : candidates[index];
  return (
    <Modal
      opened={shown !== undefined}
      onClose={() => onIndex(undefined)}
      size="min(96vw, 1280px)"
      centered
      zIndex={400}
      title={shown && (titles?.[index ?? 0] ?? <LightboxTitle candidate={shown} />)}
    >
      {shown !== undefined && index !== undefined && (
        <LightboxBody
          candidates={candidates}
          label={titles?.[index]}
          index={index}
          onIndex={onIndex}
          candidate={shown}
        />
      )}
    </Modal>
  );
}

interface One {
  readonly candidate: FragmentType<typeof CandidateMedia_CandidateFragment>;
}

interface LightboxBodyProps extends One {
  readonly candidates: LightboxProps["candidates"];
  readonly label: string | undefined;
  readonly index: number;
  readonly onIndex: LightboxProps["onIndex"];
}

function LightboxTitle(props: One) {
  return `Candidate ${candidateLabel(readFragment(CandidateMedia_CandidateFragment, props.candidate))}`;
}

function LightboxBody({ candidate: ref, candidates, label, index, onIndex }: LightboxBodyProps) {
  const candidate = readFragment(CandidateMedia_CandidateFragment, ref);
  const original = candidate.assets[0];
  const picture = candidate.assets.some(({ mediaType }) => mediaType.startsWith("image/"));
  const go = (by: number) => onIndex((index + by + candidates.length) % candidates.length);
  useHotkeys([
    ["ArrowLeft", () => go(-1)],
    ["ArrowRight", () => go(1)],
  ]);
  return (
    <>
      <div style={picture ? { height: "min(66vh, 1280px)" } : { maxHeight: "60vh", overflowY: "auto" }}>
        <CandidateMedia candidate={ref} size="large" {...(label === undefined ? {} : { label })} />
      </div>
      <Group justify="space-between" mt="sm">
        <Text size="sm" c="dimmed">
          {index + 1} of {candidates.length}
        </Text>
        {original && (
          <Anchor href={original.url} target="_blank" rel="noreferrer" size="sm">
            Open the original
            {original.width !== null && original.height !== null && ` (${original.width} × ${original.height})`}
          </Anchor>
        )}
        <Group gap="xs">
          <ActionIcon
            variant="default"
            aria-label="Previous candidate"
            onClick={() => go(-1)}
            disabled={candidates.length < 2}
          >
            <BackIcon />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label="Next candidate"
            onClick={() => go(1)}
            disabled={candidates.length < 2}
          >
            <ForwardIcon />
          </ActionIcon>
        </Group>
      </Group>
      {/* Where numbers must not be told, this must not either. */}
      {label === undefined && <CandidateDetails candidateId={candidate.id} />}
    </>
  );
}
