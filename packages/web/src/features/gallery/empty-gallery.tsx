import { Button } from "@mantine/core";
import { EmptyPanel } from "../../components/empty-panel.tsx";

interface EmptyGalleryProps {
  readonly filtered: boolean;
  readonly onClear: () => void;
}

/** What to do about a gallery with nothing in it. */
export function EmptyGallery({ filtered, onClear }: EmptyGalleryProps) {
  if (!filtered) {
    return <EmptyPanel title="No candidates yet">They appear here by themselves as they are made.</EmptyPanel>;
  }
  return (
    <EmptyPanel
      title="No candidate matches"
      action={
        <Button variant="default" onClick={onClear}>
          Clear filters
        </Button>
      }
    >
      The run has candidates, but none for which all of these filters hold.
    </EmptyPanel>
  );
}
