import { Slider } from "@mantine/core";
import { useState } from "react";
import { candidateLabel } from "../../components/candidate-label.ts";
import { CandidateMedia } from "../../components/candidate-media.tsx";
import classes from "./dialogs.module.css";
import type { GalleryCandidate } from "./use-gallery-list.ts";

interface PictureSliderProps {
  readonly one: GalleryCandidate;
  readonly other: GalleryCandidate;
}

/** Two pictures one over the other: left of the line the first, right of it the second. */
export function PictureSlider({ one, other }: PictureSliderProps) {
  const [share, setShare] = useState(50);
  return (
    <div>
      <div className={classes.slider}>
        <div>
          <CandidateMedia candidate={other} size="large" />
        </div>
        <div style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}>
          <CandidateMedia candidate={one} size="large" />
        </div>
        <div className={classes.sliderLine} style={{ insetInlineStart: `${share}%` }} aria-hidden="true" />
      </div>
      <Slider
        mt="sm"
        value={share}
        onChange={setShare}
        label={(value) => `${value} %`}
        thumbLabel={`How much of candidate ${candidateLabel(one)} covers candidate ${candidateLabel(other)}, in percent`}
      />
    </div>
  );
}
