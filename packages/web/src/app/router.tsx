import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { NotFoundPage } from "./not-found-page.tsx";
import { PagePending } from "./page-pending.tsx";
import { RouteErrorPage } from "./route-error-page.tsx";
import { Shell } from "./shell.tsx";

const rootRoute = createRootRoute({ component: Shell });

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/runs" });
  },
});

const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs",
  component: lazyRouteComponent(() => import("../features/runs/runs-page.tsx"), "RunsPage"),
});

const newRunRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/new",
  validateSearch: (search: Record<string, unknown>): { pipeline?: string } =>
    typeof search.pipeline === "string" ? { pipeline: search.pipeline } : {},
  component: lazyRouteComponent(() => import("../features/new-run/new-run-page.tsx"), "NewRunPage"),
});

const inboxRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/inbox",
  validateSearch: (search: Record<string, unknown>): { show?: "all" } => (search.show === "all" ? { show: "all" } : {}),
  component: lazyRouteComponent(() => import("../features/inbox/inbox-page.tsx"), "InboxPage"),
});

const alertsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/alerts",
  component: lazyRouteComponent(() => import("../features/alerts/alerts-page.tsx"), "AlertsPage"),
});

export interface RunSearch {
  /** The RunStep whose approval is open: the modal has an address, so a link to it can be sent to somebody. */
  readonly approve?: string;
}

const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$runId",
  validateSearch: (search: Record<string, unknown>): RunSearch =>
    typeof search.approve === "string" ? { approve: search.approve } : {},
  component: lazyRouteComponent(() => import("../features/run/run-page.tsx"), "RunPage"),
});

const voteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$runId/steps/$stepId/vote",
  component: lazyRouteComponent(() => import("../features/voting/voting-page.tsx"), "VotingPage"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([homeRoute, inboxRoute, alertsRoute, runsRoute, newRunRoute, runRoute, voteRoute]),
  defaultPreload: "intent",
  defaultPendingComponent: PagePending,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: RouteErrorPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
