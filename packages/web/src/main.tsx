import "./app/mantine-styles.ts";
import "./app/global.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { focusOnNavigation } from "./app/focus-on-navigation.ts";
import { Providers } from "./app/providers.tsx";
import { router } from "./app/router.tsx";
import { connection } from "./lib/connection-state.ts";
import { watchForNewVersion } from "./lib/new-version.ts";

const root = document.getElementById("root");
if (!root) throw new Error('index.html has no element with id "root"');

focusOnNavigation(router);
watchForNewVersion(connection.onOpenAgain);

createRoot(root).render(
  <StrictMode>
    <Providers>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
