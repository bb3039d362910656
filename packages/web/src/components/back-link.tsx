import { Anchor } from "@mantine/core";
import type { ComponentProps, ReactNode } from "react";
import { BackIcon } from "./icons.tsx";

interface BackLinkProps {
  readonly children: ReactNode;
  /** The link itself, as Mantine's `renderRoot` has it: so the router checks where it leads. */
  readonly renderRoot: NonNullable<ComponentProps<typeof Anchor<"a">>["renderRoot"]>;
}

/** To the page above this one, in the same place and look on every page. */
export function BackLink({ children, renderRoot }: BackLinkProps) {
  return (
    <Anchor
      renderRoot={renderRoot}
      size="sm"
      c="dimmed"
      display="inline-flex"
      style={{ alignItems: "center", gap: 2, alignSelf: "flex-start", overflowWrap: "anywhere" }}
    >
      <BackIcon size={14} />
      <span>{children}</span>
    </Anchor>
  );
}
