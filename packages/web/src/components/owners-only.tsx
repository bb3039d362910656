import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useWhyNot } from "../lib/viewer.ts";
import { EmptyPanel } from "./empty-panel.tsx";

/** A page for owners. Whoever comes by a link without being one is told what it takes. */
export function OwnersOnly({ children }: { readonly children: ReactNode }) {
  const whyNot = useWhyNot("OWN");
  if (whyNot === undefined) return <Skeleton height={160} role="status" aria-label="Loading" />;
  if (whyNot !== null) return <EmptyPanel title="This page is for owners">{whyNot}</EmptyPanel>;
  return children;
}
