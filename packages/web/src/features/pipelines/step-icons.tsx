import type { ReactNode } from "react";

function Line({ children }: { readonly children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={16}
      height={16}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

export function UpIcon() {
  return (
    <Line>
      <path d="M12 19V5M6 11l6-6 6 6" />
    </Line>
  );
}

export function DownIcon() {
  return (
    <Line>
      <path d="M12 5v14M6 13l6 6 6-6" />
    </Line>
  );
}

export function CrossIcon() {
  return (
    <Line>
      <path d="M6 6l12 12M18 6 6 18" />
    </Line>
  );
}
