import { Anchor, Badge, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useContext, useEffect } from "react";
import { useSubscription } from "urql";
import { BellIcon } from "../../components/icons.tsx";
import { graphql } from "../../gql/generated/index.ts";
import { useOnConnect } from "../../lib/connection-state.ts";
import { AlertsSignal, ApprovalsSignal } from "../../lib/refresh-signal.ts";
import { useRefreshViewer } from "../../lib/viewer.ts";
import { setWaitingCount } from "../../lib/waiting-count.ts";
import { needsSomebody } from "../alerts/alert-words.ts";
import { useAlertChanges, useOpenAlerts } from "../alerts/alerts-query.ts";
import classes from "./header-links.module.css";
import { useInbox } from "./inbox-query.ts";

const ApprovalChangedSubscription = graphql(`
  subscription ApprovalChanged {
    approvalChanged {
      id
      status
      stalled
    }
  }
`);

/**
 * The ways to what waits, with how much does. They are on every page, so what they hear of keeps the lists of all
 * pages current.
 */
export function HeaderLinks() {
  const approvals = useContext(ApprovalsSignal);
  const alerts = useContext(AlertsSignal);
  const [{ data: changed }] = useSubscription({ query: ApprovalChangedSubscription });
  useEffect(() => {
    if (changed) approvals.emit();
  }, [changed, approvals]);
  useAlertChanges(() => {
    alerts.emit();
    // A gate that has stalled goes to the top of the list, and no gate has opened or closed.
    approvals.emit();
  });
  useOnConnect(useRefreshViewer());
  return (
    <>
      <ApprovalsLink />
      <AlertsLink />
    </>
  );
}

function ApprovalsLink() {
  const { data } = useInbox({ mine: true });
  const count = data?.approvals.totalCount ?? 0;
  useEffect(() => setWaitingCount(count), [count]);
  const words = count === 1 ? "1 waits for you" : `${count} wait for you`;
  return (
    <Anchor
      renderRoot={(rootProps) => <Link to="/inbox" {...rootProps} />}
      c="inherit"
      fw={500}
      size="sm"
      className={classes.link}
    >
      Approvals
      {count > 0 && (
        <>
          <VisuallyHidden>({words})</VisuallyHidden>
          <Badge size="sm" circle={count < 10} color="amber" autoContrast aria-hidden>
            {count}
          </Badge>
        </>
      )}
    </Anchor>
  );
}

function AlertsLink() {
  const { data } = useOpenAlerts();
  const count = data?.alerts.filter(needsSomebody).length ?? 0;
  const words = `${count} that nobody looks after`;
  return (
    <Anchor
      renderRoot={(rootProps) => <Link to="/alerts" {...rootProps} />}
      c="inherit"
      className={classes.link}
      aria-label={count > 0 ? `Alerts, ${words}` : "Alerts"}
    >
      <BellIcon size={20} />
      {count > 0 && (
        <Badge size="sm" circle={count < 10} color="red">
          {count}
        </Badge>
      )}
    </Anchor>
  );
}
