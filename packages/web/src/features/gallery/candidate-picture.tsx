import { useRef } from "react";
import { CandidateMedia, type CandidateMedia_CandidateFragment } from "../../components/candidate-media.tsx";
import { useZoom } from "../../components/use-zoom.ts";
import zoomClasses from "../../components/zoom.module.css";
import { ZoomStage } from "../../components/zoom-stage.tsx";
import type { FragmentType } from "../../gql/generated/index.ts";
import classes from "./dialogs.module.css";
import { ZoomBar } from "./zoom-bar.tsx";

interface CandidatePictureProps {
  readonly candidate: FragmentType<typeof CandidateMedia_CandidateFragment>;
  readonly original: { readonly url: string; readonly width: number | null; readonly height: number | null };
}

/** A picture to be looked at from near: by wheel, drag, pinch, double click, keys and buttons. */
export function CandidatePicture({ candidate, original }: CandidatePictureProps) {
  const area = useRef<HTMLDivElement>(null);
  const zoom = useZoom(area, true);
  return (
    <div className={`${classes.zoomable} ${zoomClasses.area}`} ref={area} {...zoom.shown}>
      <div className={classes.stage} data-frame="">
        <ZoomStage picture={original} close={zoom.zoomed}>
          <CandidateMedia candidate={candidate} size="large" />
        </ZoomStage>
      </div>
      <div className={classes.zoomBar}>
        <ZoomBar zoom={zoom} label="Zoom of the picture" />
      </div>
    </div>
  );
}
