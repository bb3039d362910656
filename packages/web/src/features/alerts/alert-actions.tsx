import { Button, Group, Menu, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useMutation } from "urql";
import { toastDone } from "../../components/toast.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { outcomeOf } from "../../lib/errors.ts";
import { useWhyNot } from "../../lib/viewer.ts";
import { type Snooze, snoozes } from "./alert-words.ts";

const EscalateDialog = lazy(() => import("./escalate-dialog.tsx").then(({ EscalateDialog: it }) => ({ default: it })));

export const AlertActions_AlertFragment = graphql(`
  fragment AlertActions_Alert on Alert {
    id
    acknowledgedAt
  }
`);

const AcknowledgeAlertMutation = graphql(`
  mutation AcknowledgeAlert($input: AcknowledgeAlertInput!) {
    acknowledgeAlert(input: $input) {
      __typename
      ... on AcknowledgeAlertSuccess {
        alert {
          id
          ...AlertCard_Alert
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

const SnoozeAlertMutation = graphql(`
  mutation SnoozeAlert($input: SnoozeAlertInput!) {
    snoozeAlert(input: $input) {
      __typename
      ... on SnoozeAlertSuccess {
        alert {
          id
          ...AlertCard_Alert
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

interface AlertActionsProps {
  readonly alert: FragmentType<typeof AlertActions_AlertFragment>;
}

/** What one can do about an alert: say that one looks after it, put it off, or tell others. */
export function AlertActions({ alert: ref }: AlertActionsProps) {
  const alert = readFragment(AlertActions_AlertFragment, ref);
  const [{ fetching: acknowledging }, acknowledge] = useMutation(AcknowledgeAlertMutation);
  const [{ fetching: snoozing }, snooze] = useMutation(SnoozeAlertMutation);
  const [words, setWords] = useState<string>();
  const [escalating, setEscalating] = useState(false);
  const whyNot = useWhyNot("DECIDE");
  if (whyNot !== null) {
    return (
      <Text size="sm" c="dimmed">
        {whyNot !== undefined && `Looking after alerts: ${whyNot.charAt(0).toLowerCase()}${whyNot.slice(1)}`}
      </Text>
    );
  }

  const onAcknowledge = async () => {
    const answer = await acknowledge({ input: { alertId: alert.id } });
    const outcome = outcomeOf(answer, (data) => data.acknowledgeAlert, "AcknowledgeAlertSuccess");
    setWords(outcome.ok ? undefined : outcome.words);
  };
  const onSnooze = async ({ label, input }: Snooze) => {
    const answer = await snooze({ input: { alertId: alert.id, ...input } });
    const outcome = outcomeOf(answer, (data) => data.snoozeAlert, "SnoozeAlertSuccess");
    setWords(outcome.ok ? undefined : outcome.words);
    if (outcome.ok) toastDone(`Snoozed ${label.charAt(0).toLowerCase()}${label.slice(1)}.`);
  };

  return (
    <>
      <Group gap="xs">
        {alert.acknowledgedAt === null && (
          <Button size="xs" variant="default" loading={acknowledging} onClick={() => void onAcknowledge()}>
            Acknowledge
          </Button>
        )}
        <Menu position="bottom-start" withArrow>
          <Menu.Target>
            <Button size="xs" variant="default" loading={snoozing}>
              Snooze…
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {snoozes(new Date()).map((choice) => (
              <Menu.Item key={choice.label} onClick={() => void onSnooze(choice)}>
                {choice.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button size="xs" variant="default" onClick={() => setEscalating(true)}>
          Escalate…
        </Button>
      </Group>
      {words !== undefined && (
        <Text size="sm" c="var(--sluice-danger)" role="alert">
          {words}
        </Text>
      )}
      {escalating && (
        <Suspense>
          <EscalateDialog alertId={alert.id} onClose={() => setEscalating(false)} />
        </Suspense>
      )}
    </>
  );
}
