import { Alert, Anchor, Group, Text } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useState } from "react";
import { TrophyIcon } from "../../components/icons.tsx";
import type { RunStatus } from "../../gql/generated/graphql.ts";
import { confetti, mayCelebrate } from "./celebrate.ts";

interface CelebrationProps {
  readonly run: { readonly id: string; readonly number: number; readonly status: RunStatus };
}

/** The last gate opened while somebody looked: a few words, and confetti for those who like things to move. */
export function Celebration({ run }: CelebrationProps) {
  const still = useReducedMotion(undefined, { getInitialValueInEffect: false });
  const [before, setBefore] = useState(run.status);
  const [justNow, setJustNow] = useState(false);
  if (before !== run.status) {
    setBefore(run.status);
    // One that is opened when it has ended already is no news.
    if (run.status === "COMPLETED") setJustNow(true);
  }
  const celebrate = useEffectEvent(() => {
    if (mayCelebrate(run.id) && !still) void confetti();
  });
  useEffect(() => {
    if (justNow) celebrate();
  }, [justNow]);

  if (!justNow) return null;
  return (
    <Alert
      color="teal"
      variant="light"
      role="status"
      icon={<TrophyIcon />}
      title={`Run #${run.number} is complete`}
      withCloseButton
      closeButtonLabel="Close"
      onClose={() => setJustNow(false)}
    >
      <Group gap="sm">
        <Text size="sm">The last gate is open. Its winners are below.</Text>
        <Anchor
          renderRoot={(rootProps) => <Link to="/runs/$runId/lineage" params={{ runId: run.id }} {...rootProps} />}
          size="sm"
        >
          See how they came about
        </Anchor>
      </Group>
    </Alert>
  );
}
