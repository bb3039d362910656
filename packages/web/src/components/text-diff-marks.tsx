import { useMemo } from "react";
import { textParts } from "./text-parts.ts";

export interface TextDiffProps {
  readonly before: string;
  readonly after: string;
  /** One of the two texts, with what the other has not marked in it; or both in one, for reading a change. */
  readonly show: "before" | "after" | "both";
}

const ELEMENTS = { before: "del", after: "ins" } as const;

/** In a file of its own, so that the library comes with the first difference that somebody looks at. */
export function TextDiffMarks({ before, after, show }: TextDiffProps) {
  const parts = useMemo(() => textParts(before, after), [before, after]);
  return parts
    .filter(({ only }) => only === undefined || show === "both" || only === show)
    .map(({ text, only }, index) => {
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of two texts never change places.
      if (only === undefined) return <span key={index}>{text}</span>;
      const Mark = ELEMENTS[only];
      // biome-ignore lint/suspicious/noArrayIndexKey: as above.
      return <Mark key={index}>{text}</Mark>;
    });
}
