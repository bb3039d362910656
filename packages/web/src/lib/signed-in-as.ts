import { type DraftStorage, forgetAllDrafts } from "./drafts.ts";

let viewerId: string | undefined;

/**
 * How every GraphQL request is sent: with whom the page was made for. Another tab may have signed in somebody else, whose
 * cookie the browser sends from here too; the server refuses what would be done in their name.
 */
export function requestOptions(): { credentials: RequestCredentials; headers: { [name: string]: string } } {
  return { credentials: "same-origin", headers: viewerId === undefined ? {} : { "Sluice-Viewer": viewerId } };
}

/** The server has said who is signed in. What it says first is whom this page is for, until it is loaded anew. */
export function noteViewer(id: string): void {
  if (viewerId !== undefined) return;
  viewerId = id;
  // Where a session has ended by itself, what its owner had not sent is still there.
  if (keepDraftsOf(sessionStorage, id)) window.location.reload();
}

const OWNER = "sluice drafts of";

/**
 * Forgets the drafts of whoever used this tab before, if that was somebody else.
 *
 * @returns whether there were any, which the page may show already
 */
export function keepDraftsOf(storage: DraftStorage, id: string): boolean {
  try {
    const before = storage.getItem(OWNER);
    storage.setItem(OWNER, id);
    return before !== null && before !== id && forgetAllDrafts(storage);
  } catch {
    return false;
  }
}
