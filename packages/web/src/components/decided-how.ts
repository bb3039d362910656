import type { Channel } from "../gql/generated/graphql.ts";

const BY_WAY_OF = {
  DASHBOARD: "",
  API: ", through the API",
  LINK: ", by a decision link",
  POLICY: "",
} as const satisfies Record<Channel, string>;

export interface Decider {
  /** Null where no person did. */
  readonly decidedBy: { readonly name: string } | null;
  readonly channel: Channel | null;
}

/** Who decided and how, to follow a verb: "by ada", "by ada, through the API", "by the step's policy", "automatically". */
export function decidedHow({ decidedBy, channel }: Decider): string {
  if (channel === "POLICY") return "by the step's policy";
  if (decidedBy === null) return "automatically";
  return `by ${decidedBy.name}${channel === null ? "" : BY_WAY_OF[channel]}`;
}
