import { MantineProvider } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { Provider as UrqlProvider } from "urql";
import { createUrqlClient } from "../lib/urql.ts";
import { readableColors, theme } from "./theme.ts";

// Toasts wait in a store until this is there, so the first page need not wait for it.
const Toasts = lazy(() => import("./toasts.tsx").then(({ Toasts }) => ({ default: Toasts })));

/** Everything a page may count on: the look, the toasts and the GraphQL client. */
export function Providers(props: { readonly children: ReactNode }) {
  const [client] = useState(createUrqlClient);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={readableColors} defaultColorScheme="auto">
      <Suspense>
        <Toasts />
      </Suspense>
      <UrqlProvider value={client}>{props.children}</UrqlProvider>
    </MantineProvider>
  );
}
