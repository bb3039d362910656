import type { ReactNode } from "react";
import classes from "./state-icon.module.css";

export type StateIconKind = "done" | "paused" | "locked" | "working" | "stopped";

interface Look {
  readonly sign: string;
  readonly color: string;
  readonly drawing: ReactNode;
}

const LOOKS = {
  done: { sign: "✅", color: "var(--mantine-color-teal-8)", drawing: <path d="M7 12.5l3.3 3.3L17 8.5" /> },
  paused: { sign: "⏸️", color: "var(--mantine-color-amber-7)", drawing: <path d="M9.5 8v8M14.5 8v8" /> },
  locked: {
    sign: "🔒",
    color: "var(--mantine-color-gray-6)",
    drawing: <path d="M7.5 11.500h9V17h-9zM9.5 11.500V9a2.5 2.5 0 0 1 5 0v2.5" strokeWidth={1.8} />,
  },
  working: {
    sign: "🔄",
    color: "var(--mantine-color-water-6)",
    drawing: (
      <path
        d="M16.5 10a5 5 0 0 0-9.2.800M7.5 14a5 5 0 0 0 9.2-.800M17 6.800V10h-3.200M7 17.200V14h3.2"
        strokeWidth={1.8}
      />
    ),
  },
  stopped: { sign: "❌", color: "var(--mantine-color-red-7)", drawing: <path d="M8.5 8.500l7 7M15.5 8.500l-7 7" /> },
} as const satisfies Record<StateIconKind, Look>;

/**
 * The sign of a state, always beside its words. Drawn, because a system without an emoji font shows a box for the
 * character; the character itself stays in the text, so that it is there when the line is copied.
 */
export function StateIcon({ kind, size = 18 }: { readonly kind: StateIconKind; readonly size?: number }) {
  const { sign, color, drawing } = LOOKS[kind];
  return (
    <span className={classes.icon} aria-hidden="true">
      <span className={classes.sign}>{sign}</span>
      <svg viewBox="0 0 24 24" width={size} height={size} focusable="false" aria-hidden="true">
        <rect x="2" y="2" width="20" height="20" rx="5" fill={color} />
        <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
          {drawing}
        </g>
      </svg>
    </span>
  );
}
