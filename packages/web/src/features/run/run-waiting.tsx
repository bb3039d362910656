import { Alert, Anchor, List, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { DiagnosisCode, RunStatus, RunWaiting_RunFragment as RunWaitingRun } from "../../gql/generated/graphql.ts";
import { type FragmentType, graphql, readFragment } from "../../gql/generated/index.ts";
import { AlertCard } from "../alerts/alert-card.tsx";
import { RaiseBudget } from "./raise-budget.tsx";
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
      kind
      resolvedAt
      ...AlertCard_Alert
    }
    ...RaiseBudget_Run
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

/** What an alert about generation that has stopped tells of as well. */
const WHY_IT_STOPPED: ReadonlySet<DiagnosisCode> = new Set(["FAILED", "BUDGET_EXHAUSTED", "RUN_BUDGET_SPENT"]);

/** How the run ended, which the line above them says. */
const ENDED: ReadonlySet<DiagnosisCode> = new Set(["FAILED", "REJECTED", "ABORTED"]);

/** The answer to "why is my run stuck?", with what to do about it, or how the run ended; and what needs attention. */
export function RunWaiting(props: { readonly run: FragmentType<typeof RunWaiting_RunFragment> }) {
  const run = readFragment(RunWaiting_RunFragment, props.run);
  const alerts = run.alerts.filter(({ resolvedAt }) => resolvedAt === null);
  const told = run.diagnosis.some(({ code }) => WHY_IT_STOPPED.has(code));
  // Its title says that it is completed, and its winners follow.
  const silent = run.status === "COMPLETED" && run.diagnosis.length === 0;
  if (silent && alerts.length === 0) return null;
  return (
    <Stack gap="sm">
      {!silent && (
        <Alert color={STATE_COLORS[run.status]} variant="light" role="status" p="sm">
          {run.nextWork.message}
          {run.diagnosis.length > 0 && <Diagnoses run={run} />}
          <RaiseBudget run={run} />
        </Alert>
      )}
      <Stack gap="sm" component="section" aria-label="Alerts of this run" aria-live="polite">
        {alerts.map((alert) => (
          <AlertCard
            key={alert.id}
            alert={alert}
            withoutRun
            withoutMessage={told && alert.kind === "GENERATION_FAILING"}
          />
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
            {!ENDED.has(each.code) && each.message !== run.nextWork.message && `${each.message} `}
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
