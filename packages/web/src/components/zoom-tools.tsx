import { ActionIcon, Group, Text } from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";
import { percent } from "../lib/words.ts";
import type { Zoom } from "./use-zoom.ts";

/** A click must not leave the focus on a button: the next key would press it again instead of what it is for. */
const keepFocus = (event: MouseEvent) => event.preventDefault();

interface ZoomToolsProps {
  readonly zoom: Zoom;
  readonly label: string;
  readonly children?: ReactNode;
}

/** How near one is, with zooming in and out. */
export function ZoomTools({ zoom, label, children }: ZoomToolsProps) {
  return (
    <Group gap={4} role="group" aria-label={label}>
      <ActionIcon variant="default" aria-label="Zoom out" onMouseDown={keepFocus} onClick={zoom.farther}>
        −
      </ActionIcon>
      <Text size="sm" w={52} ta="center" aria-live="polite">
        {percent(zoom.view.scale)}
      </Text>
      <ActionIcon variant="default" aria-label="Zoom in" onMouseDown={keepFocus} onClick={zoom.nearer}>
        +
      </ActionIcon>
      {children}
    </Group>
  );
}
