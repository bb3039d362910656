import { Text } from "@mantine/core";
import { type ReactNode, useEffect, useEffectEvent } from "react";
import { TextDiff } from "../../components/text-diff.tsx";
import type { Loading } from "./session.ts";
import { pictureOf, type readVoteCandidate } from "./vote-candidate.ts";
import { VotePicture } from "./vote-picture.tsx";
import classes from "./voting.module.css";

interface VoteSideProps {
  readonly name: "Left" | "Right";
  readonly candidate: ReturnType<typeof readVoteCandidate>;
  readonly state: Loading;
  readonly close: boolean;
  /** The two texts, to mark where they differ; undefined to show this one as it is. */
  readonly differences: { readonly before: string; readonly after: string } | undefined;
  readonly context: ReactNode;
  readonly onMedia: (state: "ready" | "failed") => void;
}

/** One of the two. Nothing here may tell who made it or how it stands. */
export function VoteSide({ name, candidate, state, close, differences, context, onMedia }: VoteSideProps) {
  const picture = pictureOf(candidate);
  return (
    <section className={classes.side} aria-label={name} data-state={state} {...(picture ? { "data-frame": "" } : {})}>
      {picture ? (
        <VotePicture
          picture={picture}
          name={name}
          close={close}
          onReady={() => onMedia("ready")}
          onFailed={() => onMedia("failed")}
        />
      ) : (
        <VoteText name={name} onShown={() => onMedia("ready")}>
          {differences ? (
            <TextDiff {...differences} show={name === "Left" ? "before" : "after"} />
          ) : (
            (candidate.text ?? "Nothing to show")
          )}
        </VoteText>
      )}
      {context}
      {state === "failed" && (
        <Text className={classes.failed} size="sm" role="alert">
          This image could not be loaded. Skip the pair to go on.
        </Text>
      )}
    </section>
  );
}

interface VoteTextProps {
  readonly name: string;
  readonly onShown: () => void;
  readonly children: ReactNode;
}

function VoteText({ name, onShown, children }: VoteTextProps) {
  const tell = useEffectEvent(onShown);
  useEffect(() => tell(), []);
  return (
    // Focusable, so that the keyboard scrolls it too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached without a mouse.
    // biome-ignore lint/a11y/useSemanticElements: a named part of a section, not a set of fields.
    <div className={classes.text} data-scrolls tabIndex={0} role="group" aria-label={`${name} text`}>
      <div className={classes.words}>{children}</div>
    </div>
  );
}
