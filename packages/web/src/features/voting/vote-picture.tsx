import { useEffect, useEffectEvent, useRef } from "react";
import { ZoomStage } from "../../components/zoom-stage.tsx";
import type { Picture } from "./vote-candidate.ts";
import classes from "./voting.module.css";

interface VotePictureProps {
  readonly picture: Picture;
  readonly name: string;
  /** Looked at closely: the original takes the preview's place once it is there. */
  readonly close: boolean;
  readonly onReady: () => void;
  readonly onFailed: () => void;
}

/** Told to be ready once it is decoded, not merely loaded: what is then put on the screen is there in that frame. */
export function VotePicture({ picture, name, close, onReady, onFailed }: VotePictureProps) {
  const image = useRef<HTMLImageElement>(null);
  const tellReady = useEffectEvent(onReady);
  const tellFailed = useEffectEvent(onFailed);
  useEffect(() => {
    let left = false;
    image.current?.decode().then(
      () => left || tellReady(),
      () => left || tellFailed(),
    );
    return () => {
      left = true;
    };
  }, []);
  const size = { width: picture.width ?? undefined, height: picture.height ?? undefined };
  return (
    <ZoomStage picture={picture} close={close}>
      <img
        ref={image}
        className={classes.picture}
        src={picture.largeUrl}
        alt={name}
        {...size}
        loading="eager"
        decoding="sync"
        draggable={false}
      />
    </ZoomStage>
  );
}
