import { Tooltip, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { InfoIcon } from "./icons.tsx";

/** A small "i" whose explanation shows on hover, focus and touch, and is read out as its description. */
export function Tip({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Tooltip label={children} events={{ hover: true, focus: true, touch: true }}>
      <UnstyledButton
        aria-label={label}
        style={{ display: "inline-flex", verticalAlign: "-3px", color: "var(--mantine-color-dimmed)", cursor: "help" }}
      >
        <InfoIcon size={16} />
      </UnstyledButton>
    </Tooltip>
  );
}
