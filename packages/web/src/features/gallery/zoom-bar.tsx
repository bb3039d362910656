import { Button, Group } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import type { Zoom } from "../../components/use-zoom.ts";
import { ZoomTools } from "../../components/zoom-tools.tsx";

/** Zooming by buttons and keys, as on the voting page. */
export function ZoomBar({ zoom, label }: { readonly zoom: Zoom; readonly label: string }) {
  useHotkeys([
    ["z", zoom.toggle],
    ["shift+[plus]", zoom.nearer],
    ["[plus]", zoom.nearer],
    ["=", zoom.nearer],
    ["-", zoom.farther],
    ["0", zoom.whole],
  ]);
  return (
    <Group gap="xs">
      <Button
        variant={zoom.zoomed ? "light" : "default"}
        size="xs"
        aria-label="Zoom"
        aria-pressed={zoom.zoomed}
        onClick={zoom.toggle}
      >
        Zoom
      </Button>
      {zoom.zoomed && <ZoomTools zoom={zoom} label={label} />}
    </Group>
  );
}
