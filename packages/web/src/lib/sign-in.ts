import type { CombinedError } from "urql";
import { forgetAllDrafts } from "./drafts.ts";

let leaving = false;

/** Whether the page is about to be left for the sign-in page. */
export const isLeaving = (): boolean => leaving;

/** The server renders the sign-in page, so this is a full navigation; it happens once, whatever failed at the same time. */
export function goToSignIn(): void {
  if (leaving) return;
  leaving = true;
  window.location.assign("/sign-in");
}

export function isUnauthenticated(error: CombinedError): boolean {
  const response: unknown = error.response;
  if (typeof response === "object" && response !== null && "status" in response && response.status === 401) return true;
  return error.graphQLErrors.some((each) => each.extensions?.code === "UNAUTHENTICATED");
}

/** Ends the session on the server, then shows the sign-in page whether or not the server could be told. */
export async function signOut(): Promise<void> {
  forgetAllDrafts(sessionStorage);
  await fetch("/auth/sign-out", { method: "POST", credentials: "same-origin" }).catch(() => undefined);
  // What was on its way meanwhile has been written down again.
  forgetAllDrafts(sessionStorage);
  goToSignIn();
}
