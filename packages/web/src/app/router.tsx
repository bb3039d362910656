import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { PagePending } from "../components/page-pending.tsx";
import { parseGallerySearch } from "../features/gallery/gallery-search.ts";
import { parseLineageSearch } from "../features/lineage/lineage-search.ts";
import { NotFoundPage } from "./not-found-page.tsx";
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

const pipelinesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/pipelines",
  component: lazyRouteComponent(() => import("../features/pipelines/pipelines-page.tsx"), "PipelinesPage"),
});

const newPipelineRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/pipelines/new",
  validateSearch: (search: Record<string, unknown>): { copy?: string } =>
    typeof search.copy === "string" ? { copy: search.copy } : {},
  component: lazyRouteComponent(() => import("../features/pipelines/new-pipeline-page.tsx"), "NewPipelinePage"),
});

const pipelineRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/pipelines/$name",
  component: lazyRouteComponent(() => import("../features/pipelines/pipeline-page.tsx"), "PipelinePage"),
});

const editPipelineRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/pipelines/$name/edit",
  component: lazyRouteComponent(() => import("../features/pipelines/edit-pipeline-page.tsx"), "EditPipelinePage"),
});

const galleryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$runId/gallery",
  validateSearch: parseGallerySearch,
  component: lazyRouteComponent(() => import("../features/gallery/gallery-page.tsx"), "GalleryPage"),
});

const lineageRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$runId/lineage",
  validateSearch: parseLineageSearch,
  component: lazyRouteComponent(() => import("../features/lineage/lineage-page.tsx"), "LineagePage"),
});

export interface VoteSearch {
  /** Two candidates to begin with, such as those at the cut. */
  readonly left?: string;
  readonly right?: string;
}

const voteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs/$runId/steps/$stepId/vote",
  validateSearch: ({ left, right }: Record<string, unknown>): VoteSearch =>
    typeof left === "string" && typeof right === "string" ? { left, right } : {},
  component: lazyRouteComponent(() => import("../features/voting/voting-page.tsx"), "VotingPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("../features/settings/settings-page.tsx"), "SettingsPage"),
});

const settingsHomeRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile" });
  },
});

const profileRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/profile",
  component: lazyRouteComponent(() => import("../features/profile/profile-page.tsx"), "ProfilePage"),
});

const apiKeysRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/api-keys",
  component: lazyRouteComponent(() => import("../features/api-keys/api-keys-page.tsx"), "ApiKeysPage"),
});

const peopleRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/people",
  component: lazyRouteComponent(() => import("../features/people/people-page.tsx"), "PeoplePage"),
});

const generatorsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/generators",
  component: lazyRouteComponent(() => import("../features/generators/generators-page.tsx"), "GeneratorsPage"),
});

const webhooksRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("../features/webhooks/webhooks-page.tsx"), "WebhooksPage"),
});

const webhookRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/webhooks/$webhookId",
  component: lazyRouteComponent(() => import("../features/webhooks/webhook-page.tsx"), "WebhookPage"),
});

const recordsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/records",
  component: lazyRouteComponent(() => import("../features/audit/records-page.tsx"), "RecordsPage"),
});

const decisionsRoute = createRoute({
  getParentRoute: () => recordsRoute,
  path: "/",
  validateSearch: (search: Record<string, unknown>): { run?: string } =>
    typeof search.run === "string" ? { run: search.run } : {},
  component: lazyRouteComponent(() => import("../features/audit/decisions-page.tsx"), "DecisionsPage"),
});

const timesRoute = createRoute({
  getParentRoute: () => recordsRoute,
  path: "/times",
  component: lazyRouteComponent(() => import("../features/audit/times-page.tsx"), "TimesPage"),
});

const settings = settingsRoute.addChildren([
  settingsHomeRoute,
  profileRoute,
  apiKeysRoute,
  generatorsRoute,
  peopleRoute,
  webhooksRoute,
  webhookRoute,
]);
const records = recordsRoute.addChildren([decisionsRoute, timesRoute]);

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    inboxRoute,
    alertsRoute,
    runsRoute,
    newRunRoute,
    runRoute,
    galleryRoute,
    lineageRoute,
    voteRoute,
    pipelinesRoute,
    newPipelineRoute,
    pipelineRoute,
    editPipelineRoute,
    settings,
    records,
  ]),
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
