import { Alert, Anchor, List, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { RunStatus, RunWaiting_RunFragment as RunWaitingRun } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { AlertCard } from "../alerts/alert-card.tsx";
import { waitingTitle } from "./waiting-title.ts";

export const RunWaiting_RunFragment = graphql(`
  fragment RunWaiting_Run on Run {
    id
    status
    nextWork {
      mode
      message
    }
    diagnosis {
      code
      message
      action
      step {
        id
      }
    }
    alerts {
      id
      resolvedAt
      ...AlertCard_Alert
    }
  }
`);

const STATE_COLORS = {
  RUNNING: "water",
  WAITING_FOR_APPROVAL: "amber",
  COMPLETED: "teal",
  REJECTED: "red",
  FAILED: "red",
  ABORTED: "gray",
} as const satisfies Record<RunStatus, string>;

/** The answer to "why is my run stuck?", with what to do about it, or how the run ended; and what needs attention. */
export function RunWaiting(props: { readonly run: FragmentType<typeof RunWaiting_RunFragment> }) {
  const run = readFragment(RunWaiting_RunFragment, props.run);
  const alerts = run.alerts.filter(({ resolvedAt }) => resolvedAt === null);
  return (
    <Stack gap="sm">
      <Alert color={STATE_COLORS[run.status]} variant="light" role="status" p="sm">
        {run.nextWork.message}
        {run.diagnosis.length > 0 && <Diagnoses run={run} />}
      </Alert>
      <Stack gap="sm" component="section" aria-label="Alerts of this run" aria-live="polite">
        {alerts.map((alert) => (
          <AlertCard key={alert.id} alert={alert} withoutRun />
        ))}
      </Stack>
    </Stack>
  );
}

function Diagnoses({ run }: { readonly run: RunWaitingRun }) {
  return (
    <section aria-label={waitingTitle(run.status)} style={{ marginTop: 8 }}>
      <Text size="sm" fw={600}>
        {waitingTitle(run.status)}
      </Text>
      <List size="sm" spacing={4} listStyleType="disc" withPadding mt={2}>
        {run.diagnosis.map((each) => (
          <List.Item key={`${each.code} ${each.step?.id ?? ""}`}>
            {each.message !== run.nextWork.message && `${each.message} `}
            <Text span size="sm" fw={500}>
              {each.action}
            </Text>
            {each.step && each.code === "WAITING_FOR_APPROVAL" && (
              <>
                {" "}
                <Anchor
                  renderRoot={(rootProps) => (
                    <Link
                      to="/runs/$runId"
                      params={{ runId: run.id }}
                      search={{ approve: each.step?.id ?? "" }}
                      resetScroll={false}
                      {...rootProps}
                    />
                  )}
                  size="sm"
                >
                  Open the decision
                </Anchor>
              </>
            )}
          </List.Item>
        ))}
      </List>
    </section>
  );
}
