import type { OpencodeSettings } from "./settings.ts";

/** A rule as OpenCode takes it with a session; the last one that fits counts, and they go before the agent's own. */
export interface PermissionRule {
  readonly permission: string;
  readonly pattern: string;
  readonly action: "allow" | "deny" | "ask";
}

/** Everything is denied but what the operator allows: nobody is there whom an agent could ask. */
export function permissionRules(permissions: OpencodeSettings["permissions"]): PermissionRule[] {
  return [
    { permission: "*", pattern: "*", action: "deny" },
    ...Object.entries(permissions).flatMap(([permission, rule]) =>
      typeof rule === "string"
        ? [{ permission, pattern: "*", action: rule }]
        : Object.entries(rule).map(([pattern, action]) => ({ permission, pattern, action })),
    ),
  ];
}
