import { Text, UnstyledButton } from "@mantine/core";
import { useEffect, useEffectEvent } from "react";
import {
  CandidateMedia,
  type CandidateMedia_CandidateFragment,
  largeImageOf,
} from "../../components/candidate-media.tsx";
import type { FragmentType } from "../../gql/generated/index.ts";
import classes from "./voting.module.css";

interface VoteSideProps {
  readonly name: "Left" | "Right";
  readonly candidate: FragmentType<typeof CandidateMedia_CandidateFragment>;
  readonly chosen: boolean;
  readonly state: "loading" | "ready" | "failed";
  readonly onOpen: () => void;
  readonly onMedia: (state: "ready" | "failed") => void;
}

/** One of the two. Nothing here may tell who made it or how it stands. */
export function VoteSide({ name, candidate, chosen, state, onOpen, onMedia }: VoteSideProps) {
  const isText = largeImageOf(candidate) === undefined;
  const tell = useEffectEvent(onMedia);
  useEffect(() => {
    if (isText) tell("ready");
  }, [isText]);
  const media = (
    <CandidateMedia
      candidate={candidate}
      size="large"
      label={name}
      onReady={() => onMedia("ready")}
      onFailed={() => onMedia("failed")}
    />
  );
  return (
    <section className={classes.side} aria-label={name} data-chosen={chosen || undefined} data-state={state}>
      {isText ? (
        media
      ) : (
        <UnstyledButton
          className={classes.open}
          onClick={onOpen}
          onMouseDown={(event) => event.preventDefault()}
          aria-label={`View ${name.toLowerCase()} large`}
        >
          {media}
        </UnstyledButton>
      )}
      {state === "failed" && (
        <Text className={classes.failed} size="sm" role="alert">
          This image could not be loaded. Skip the pair to go on.
        </Text>
      )}
    </section>
  );
}
