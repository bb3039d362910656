import { ActionIcon } from "@mantine/core";
import { Panel } from "@xyflow/react";
import { FitIcon, MinusIcon, PlusIcon } from "../../components/icons.tsx";
import type { Camera } from "./use-camera.ts";

/** For those without a wheel. */
export function ZoomButtons({ camera }: { readonly camera: Camera }) {
  return (
    <Panel position="bottom-left">
      <ActionIcon.Group orientation="vertical">
        <ActionIcon variant="default" size="lg" aria-label="Zoom in" onClick={() => camera.zoomBy(1.3)}>
          <PlusIcon />
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label="Zoom out" onClick={() => camera.zoomBy(1 / 1.3)}>
          <MinusIcon />
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label="Show the whole tree" onClick={camera.fit}>
          <FitIcon />
        </ActionIcon>
      </ActionIcon.Group>
    </Panel>
  );
}
