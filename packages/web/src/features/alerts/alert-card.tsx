import { Alert, Anchor, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { WarningIcon } from "../../components/icons.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { runTitle } from "../../lib/run-title.ts";
import { clockTime, withClockTimes } from "../../lib/time.ts";
import { useNow } from "../../lib/use-now.ts";
import { counted } from "../../lib/words.ts";
import { AlertActions } from "./alert-actions.tsx";
import { alertTitle, isSnoozed, needsSomebody } from "./alert-words.ts";

export const AlertCard_AlertFragment = graphql(`
  fragment AlertCard_Alert on Alert {
    id
    kind
    message
    since
    raisedAt
    acknowledgedAt
    acknowledgedBy {
      id
      name
    }
    snoozedUntil
    reminders
    escalatedTo
    resolvedAt
    run {
      id
      number
      name
      prompt
      pipeline {
        id
        name
      }
    }
    step {
      id
      position
      name
    }
    ...AlertActions_Alert
  }
`);

interface AlertCardProps {
  readonly alert: FragmentType<typeof AlertCard_AlertFragment>;
  /** Where the page is about the run already. */
  readonly withoutRun?: boolean;
  /** Where the page has said beside it what the matter is. */
  readonly withoutMessage?: boolean;
}

/** What needs attention, what was done about it, and what can be. */
export function AlertCard({ alert: ref, withoutRun = false, withoutMessage = false }: AlertCardProps) {
  const alert = readFragment(AlertCard_AlertFragment, ref);
  const { run, step } = alert;
  const open = alert.resolvedAt === null;
  const now = useNow();
  const loud = needsSomebody(alert);
  return (
    <article aria-label={`${alertTitle(alert.kind)}: run #${run.number}`}>
      <Alert
        // By default each would interrupt: a page of alerts would be read out at once.
        role="none"
        color={loud ? "orange" : "gray"}
        variant={loud ? "light" : "default"}
        icon={<WarningIcon />}
        title={alertTitle(alert.kind)}
      >
        <Stack gap="xs">
          {!withoutMessage && <Text size="sm">{withClockTimes(alert.message, now)}</Text>}
          {!withoutRun && (
            <Anchor
              renderRoot={(rootProps) => (
                <Link
                  to="/runs/$runId"
                  params={{ runId: run.id }}
                  search={open && step && alert.kind === "APPROVAL_STALLED" ? { approve: step.id } : {}}
                  {...rootProps}
                />
              )}
              size="sm"
              c="inherit"
              underline="always"
            >
              Run #{run.number}: {runTitle(run)}
              {step && ` · step ${step.position}: ${step.name}`}
            </Anchor>
          )}
          <Handled alert={alert} />
          {open && <AlertActions alert={alert} />}
        </Stack>
      </Alert>
    </article>
  );
}

interface HandledProps {
  readonly alert: {
    readonly raisedAt: string;
    readonly acknowledgedAt: string | null;
    readonly acknowledgedBy: { readonly name: string } | null;
    readonly snoozedUntil: string | null;
    readonly reminders: number;
    readonly escalatedTo: readonly string[];
    readonly resolvedAt: string | null;
  };
}

/** What happened to the alert so far, in one line. */
function Handled({ alert }: HandledProps) {
  const now = useNow();
  return (
    <Group gap="2px 12px" fz="sm" opacity={0.8}>
      <span>
        Raised <RelativeTime at={alert.raisedAt} />
      </span>
      {alert.reminders > 0 && <span>Reminded {counted(alert.reminders, "time")}</span>}
      {alert.escalatedTo.length > 0 && <span>Escalated to {alert.escalatedTo.join(", ")}</span>}
      {isSnoozed(alert, now) && <span>Snoozed until {clockTime(Date.parse(alert.snoozedUntil ?? ""), now)}</span>}
      {alert.acknowledgedAt !== null && (
        <span>
          Acknowledged{alert.acknowledgedBy && ` by ${alert.acknowledgedBy.name}`}{" "}
          <RelativeTime at={alert.acknowledgedAt} />
        </span>
      )}
      {alert.resolvedAt !== null && (
        <span>
          Over <RelativeTime at={alert.resolvedAt} />
        </span>
      )}
    </Group>
  );
}
