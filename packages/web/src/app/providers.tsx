import { MantineProvider } from "@mantine/core";
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from "react";
import { Provider as UrqlProvider } from "urql";
import { useToastsWanted } from "../components/toast.ts";
import { createUrqlClient } from "../lib/urql.ts";
import { readableColors, theme } from "./theme.ts";

// With the first toast. One that cannot be loaded any more takes nothing else with it.
const Toasts = lazy<ComponentType>(() =>
  import("./toasts.tsx").then(
    ({ Toasts }) => ({ default: Toasts }),
    () => ({ default: () => null }),
  ),
);

/** Everything a page may count on: the look, the toasts and the GraphQL client. */
export function Providers(props: { readonly children: ReactNode }) {
  const [client] = useState(createUrqlClient);
  const toasts = useToastsWanted();
  return (
    <MantineProvider theme={theme} cssVariablesResolver={readableColors} defaultColorScheme="auto">
      {toasts && (
        <Suspense>
          <Toasts />
        </Suspense>
      )}
      <UrqlProvider value={client}>{props.children}</UrqlProvider>
    </MantineProvider>
  );
}
