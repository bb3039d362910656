import { Text } from "@mantine/core";
import { type FragmentType, graphql, readFragment } from "../gql/generated/index.ts";
import { candidateLabel } from "./candidate-label.ts";
import classes from "./candidate-media.module.css";

export const CandidateMedia_CandidateFragment = graphql(`
  fragment CandidateMedia_Candidate on Candidate {
    id
    text
    assets {
      sha256
      mediaType
      width
      height
      url
      thumbUrl: previewUrl(width: 320)
      largeUrl: previewUrl(width: 1280)
    }
    ...CandidateLabel_Candidate
  }
`);

interface CandidateMediaProps {
  readonly candidate: FragmentType<typeof CandidateMedia_CandidateFragment>;
  /** `thumb` for grids and rows, `large` where it is looked at or judged. */
  readonly size: "thumb" | "large";
  /** Instead of the candidate's own number, where that must not be told. */
  readonly label?: string;
}

/** What a candidate is: its image, whole and on a neutral mat, or its text. */
export function CandidateMedia({ candidate: ref, size, label }: CandidateMediaProps) {
  const candidate = readFragment(CandidateMedia_CandidateFragment, ref);
  const image = candidate.assets.find((asset) => asset.mediaType.startsWith("image/"));
  if (image) {
    return (
      <div className={`mat ${classes.frame}`} data-size={size}>
        <img
          // A new address must not show the old picture while it loads.
          key={image.sha256}
          className={classes.image}
          src={size === "thumb" ? image.thumbUrl : image.largeUrl}
          alt={label ?? `Candidate ${candidateLabel(candidate)}`}
          width={image.width ?? undefined}
          height={image.height ?? undefined}
          loading={size === "thumb" ? "lazy" : "eager"}
          decoding="async"
          draggable={false}
        />
      </div>
    );
  }
  return (
    <div className={classes.frame} data-size={size} data-text>
      {candidate.text === null ? (
        <Text c="dimmed" size="sm">
          Nothing to show
        </Text>
      ) : (
        <div className={classes.text}>{candidate.text}</div>
      )}
    </div>
  );
}
