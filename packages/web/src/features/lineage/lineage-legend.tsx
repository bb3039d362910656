import { Anchor, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import classes from "./lineage.module.css";
import { factsOf } from "./lineage-list.tsx";
import { STANDING_WORDS, type Standing } from "./standing.ts";
import type { TreeCandidate } from "./tree.ts";

const SHOWN: readonly Standing[] = ["winner", "advancing", "undecided", "behind", "rejected"];
const SHORT = { ...STANDING_WORDS, advancing: "Advancing", behind: "Not advancing" };

interface LineageLegendProps {
  readonly runId: string;
  readonly active: TreeCandidate | undefined;
  readonly onOpen: (id: string) => void;
}

/** What is chosen, in words, and what the colours mean. */
export function LineageLegend({ runId, active, onOpen }: LineageLegendProps) {
  return (
    <Group justify="space-between" gap="xs" mih={30}>
      {active ? (
        <Group gap="xs">
          <Text size="sm" component="div">
            <strong>Candidate {active.label}</strong> · {STANDING_WORDS[active.standing]} · {factsOf(active)}
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => onOpen(active.id)}>
            Open
          </Button>
          <Anchor
            size="sm"
            renderRoot={(rootProps) => (
              <Link to="/runs/$runId/gallery" params={{ runId }} search={{ open: active.id }} {...rootProps} />
            )}
          >
            Show in the gallery
          </Anchor>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          <span data-without-touch>
            Drag to move, scroll to zoom, click to open. With the keyboard: arrow keys, Enter, + and −, 0.
          </span>
          <span data-with-touch>Drag to move, pinch to zoom, tap to open.</span>
        </Text>
      )}
      <ul className={classes.legend} aria-label="What the colours mean">
        {SHOWN.map((standing) => (
          <li key={standing}>
            <span className={classes.swatch} data-standing={standing} aria-hidden="true" />
            {SHORT[standing]}
          </li>
        ))}
      </ul>
    </Group>
  );
}
