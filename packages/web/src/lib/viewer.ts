import { useQuery } from "urql";
import type { Right, Role } from "../gql/generated/graphql.ts";
import { graphql } from "../gql/generated/index.ts";
import { roleInWords } from "./roles.ts";

const ViewerRightsQuery = graphql(`
  query ViewerRights {
    viewer {
      id
      name
      rights
    }
  }
`);

/** The least role that each right comes with. */
const TAKES = {
  VIEW: "VIEWER",
  VOTE: "VOTER",
  DECIDE: "APPROVER",
  OPERATE: "OPERATOR",
  OWN: "OWNER",
} as const satisfies Record<Right, Role>;

/** Whoever is signed in; undefined until it is known. Many places ask, and one answer serves them all. */
export function useViewer() {
  const [{ data }] = useQuery({ query: ViewerRightsQuery, requestPolicy: "cache-first" });
  return data?.viewer;
}

/** Asks again who is signed in: a role may have changed while there was no live connection to tell. */
export function useRefreshViewer(): () => void {
  const [, refetch] = useQuery({ query: ViewerRightsQuery, requestPolicy: "cache-first" });
  return () => refetch({ requestPolicy: "network-only" });
}

/** What it takes to use a control, as a sentence; null where the viewer may, undefined until it is known. */
export function useWhyNot(right: Right): string | null | undefined {
  const viewer = useViewer();
  if (viewer === undefined) return undefined;
  return viewer.rights.includes(right)
    ? null
    : `This takes ${roleInWords(TAKES[right])}. An owner can change your role.`;
}

/** Whether the viewer may use what this right is for; false until it is known. */
export function useMay(right: Right): boolean {
  return useWhyNot(right) === null;
}
