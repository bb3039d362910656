import { Anchor, Button, Group, Text } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { GateIcon, PlusIcon } from "../components/icons.tsx";
import { useMay } from "../lib/viewer.ts";
import { AccountButton } from "./account-button.tsx";
import { ColorSchemeToggle } from "./color-scheme-toggle.tsx";
import { ConnectionBadge } from "./connection-badge.tsx";
import classes from "./shell.module.css";
import { UpdateNotice } from "./update-notice.tsx";

const HeaderLinks = lazy(() =>
  import("../features/inbox/header-links.tsx").then(({ HeaderLinks }) => ({ default: HeaderLinks })),
);

/** The frame around every page. */
export function Shell() {
  return (
    <>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <header className={classes.header}>
        <Group className={classes.links} wrap="nowrap">
          <Link to="/runs" className={classes.brand} aria-label="Sluice, all runs">
            <span className={classes.mark}>
              <GateIcon size={24} />
            </span>
            <Text fw={700} size="lg" visibleFrom="xs">
              Sluice
            </Text>
          </Link>
          <Anchor renderRoot={(rootProps) => <Link to="/runs" {...rootProps} />} c="inherit" fw={500} size="sm">
            Runs
          </Anchor>
          <Suspense>
            <HeaderLinks />
          </Suspense>
          <Anchor
            renderRoot={(rootProps) => <Link to="/pipelines" {...rootProps} />}
            c="inherit"
            fw={500}
            size="sm"
            visibleFrom="sm"
          >
            Pipelines
          </Anchor>
          <Anchor
            renderRoot={(rootProps) => <Link to="/records" {...rootProps} />}
            c="inherit"
            fw={500}
            size="sm"
            visibleFrom="sm"
          >
            Records
          </Anchor>
        </Group>
        <Group className={classes.tools} wrap="nowrap">
          <ConnectionBadge />
          <NewRunLink />
          <ColorSchemeToggle />
          <AccountButton />
        </Group>
      </header>
      <UpdateNotice />
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
    </>
  );
}

/** Only for those who may start one. On a narrow screen the sign alone. */
function NewRunLink() {
  if (!useMay("OPERATE")) return null;
  return (
    <Button
      renderRoot={(rootProps) => <Link to="/runs/new" {...rootProps} />}
      size="xs"
      aria-label="New run"
      className={classes.newRun}
      leftSection={<PlusIcon size={16} />}
    >
      <span className={classes.newRunWords}>New run</span>
    </Button>
  );
}
