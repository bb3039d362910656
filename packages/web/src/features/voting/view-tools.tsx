import { ActionIcon, Button, Group, Kbd, Switch, Text } from "@mantine/core";
import type { MouseEvent } from "react";
import { percent } from "../../lib/words.ts";
import type { Zoom } from "./use-zoom.ts";
import classes from "./voting.module.css";

interface ViewToolsProps {
  readonly pictures: boolean;
  readonly texts: boolean;
  readonly zoom: Zoom;
  readonly flipped: boolean;
  readonly differences: boolean;
  readonly undoable: boolean;
  readonly onFlip: () => void;
  readonly onDifferences: () => void;
  readonly onUndo: () => void;
  readonly onHelp: () => void;
}

/** A click must not leave the focus on a button: the next Space would press it again instead of skipping. */
const keepFocus = (event: MouseEvent) => event.preventDefault();

/** How the pair is looked at, the way back, and the keys. */
export function ViewTools(props: ViewToolsProps) {
  const { pictures, texts, zoom, flipped, differences, undoable, onFlip, onDifferences, onUndo, onHelp } = props;
  return (
    <Group gap="xs" className={classes.tools ?? ""} justify="center">
      {pictures && <Toggle words="Zoom" hint="Z" on={zoom.zoomed} onClick={zoom.toggle} />}
      {pictures && zoom.zoomed && <ZoomTools zoom={zoom} />}
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

function ZoomTools({ zoom }: { readonly zoom: Zoom }) {
  return (
    <Group gap={4} role="group" aria-label="Zoom of both pictures">
      <ActionIcon variant="default" aria-label="Farther" onMouseDown={keepFocus} onClick={zoom.farther}>
        −
      </ActionIcon>
      <Text size="sm" w={52} ta="center" aria-live="polite">
        {percent(zoom.view.scale)}
      </Text>
      <ActionIcon variant="default" aria-label="Nearer" onMouseDown={keepFocus} onClick={zoom.nearer}>
        +
      </ActionIcon>
      <Switch
        size="xs"
        label="Keep for the next pair"
        wrapperProps={{ onMouseDown: keepFocus }}
        checked={zoom.keep}
        onChange={(event) => zoom.setKeep(event.currentTarget.checked)}
      />
    </Group>
  );
}
