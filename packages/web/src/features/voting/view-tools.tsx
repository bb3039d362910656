import { Button, Group, Kbd, Switch } from "@mantine/core";
import type { MouseEvent } from "react";
import type { Zoom } from "../../components/use-zoom.ts";
import { ZoomTools } from "../../components/zoom-tools.tsx";
import classes from "./voting.module.css";

interface ViewToolsProps {
  readonly pictures: boolean;
  readonly texts: boolean;
  readonly zoom: Zoom;
  /** The next pair is looked at in the same way. */
  readonly keepsZoom: boolean;
  readonly flipped: boolean;
  readonly differences: boolean;
  readonly undoable: boolean;
  readonly onKeepZoom: (keep: boolean) => void;
  readonly onFlip: () => void;
  readonly onDifferences: () => void;
  readonly onUndo: () => void;
  readonly onHelp: () => void;
}

/** A click must not leave the focus on a button: the next Space would press it again instead of skipping. */
const keepFocus = (event: MouseEvent) => event.preventDefault();

/** How the pair is looked at, the way back, and the keys. */
export function ViewTools(props: ViewToolsProps) {
  const { pictures, texts, zoom, keepsZoom, flipped, differences, undoable } = props;
  const { onKeepZoom, onFlip, onDifferences, onUndo, onHelp } = props;
  return (
    <Group gap="xs" className={classes.tools ?? ""} justify="center">
      {pictures && <Toggle words="Zoom" hint="Z" on={zoom.zoomed} onClick={zoom.toggle} />}
      {pictures && zoom.zoomed && (
        <ZoomTools zoom={zoom} label="Zoom of both pictures">
          <Switch
            size="xs"
            label="Keep for the next pair"
            wrapperProps={{ onMouseDown: keepFocus }}
            checked={keepsZoom}
            onChange={(event) => onKeepZoom(event.currentTarget.checked)}
          />
        </ZoomTools>
      )}
      {pictures && <Toggle words="One at a time" hint="F" on={flipped} onClick={onFlip} />}
      {texts && <Toggle words="Differences" hint="D" on={differences} onClick={onDifferences} />}
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        disabled={!undoable}
        onMouseDown={keepFocus}
        onClick={onUndo}
        aria-label="Undo last vote"
        rightSection={<Hint>U</Hint>}
      >
        Undo
      </Button>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        aria-label="Show the keys"
        data-without-touch
        onMouseDown={keepFocus}
        onClick={onHelp}
        rightSection={<Hint>?</Hint>}
      >
        Keys
      </Button>
    </Group>
  );
}

function Hint({ children }: { readonly children: string }) {
  return (
    <Kbd size="xs" visibleFrom="sm" aria-hidden="true">
      {children}
    </Kbd>
  );
}

interface ToggleProps {
  readonly words: string;
  readonly hint: string;
  readonly on: boolean;
  readonly onClick: () => void;
}

function Toggle({ words, hint, on, onClick }: ToggleProps) {
  return (
    <Button
      variant={on ? "light" : "subtle"}
      color={on ? "water" : "gray"}
      size="compact-sm"
      aria-label={words}
      aria-pressed={on}
      onMouseDown={keepFocus}
      onClick={onClick}
      rightSection={<Hint>{hint}</Hint>}
    >
      {words}
    </Button>
  );
}
