import type { ReactNode } from "react";
import classes from "./zoom.module.css";

interface ZoomStageProps {
  /** The picture, of which `children` is a preview; undefined where there is nothing finer to show. */
  readonly picture: { readonly url: string; readonly width: number | null; readonly height: number | null } | undefined;
  /** Looked at closely: the original takes the preview's place once it is there. */
  readonly close: boolean;
  readonly children: ReactNode;
}

/** What is enlarged and moved inside a frame of `useZoom`. */
export function ZoomStage({ picture, close, children }: ZoomStageProps) {
  return (
    <div className={`mat ${classes.stage}`}>
      {children}
      {close && picture && (picture.width ?? 0) > PREVIEW_WIDTH && (
        <img
          className={classes.original}
          src={picture.url}
          alt=""
          width={picture.width ?? undefined}
          height={picture.height ?? undefined}
          draggable={false}
        />
      )}
    </div>
  );
}

const PREVIEW_WIDTH = 1280;
