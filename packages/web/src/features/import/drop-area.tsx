import { Button, Text } from "@mantine/core";
import { useRef, useState } from "react";
import classes from "./import.module.css";

interface DropAreaProps {
  readonly onFiles: (files: readonly File[]) => void;
}

/** Takes pictures that are dropped on it, chosen, or pasted while it has the focus. */
export function DropArea({ onFiles }: DropAreaProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a part of a form to fill in.
    <div
      role="group"
      aria-label="Pictures"
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
      onPaste={(event) => onFiles([...event.clipboardData.files])}
    >
      <Text size="sm">Drop pictures here, or</Text>
      <Button variant="default" size="xs" onClick={() => input.current?.click()}>
        Choose files…
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
        aria-label="Picture files"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file can be chosen again after it was taken out.
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
