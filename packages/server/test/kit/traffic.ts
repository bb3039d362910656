import type { Page } from "playwright-core";

/** What a page has asked of the server, and what it was told. */
export interface Traffic {
  /** The operations that were asked over HTTP, by their names. */
  readonly asked: readonly string[];
  /** How many messages the socket brought, but for those that keep it open. */
  readonly told: number;
}

const OPERATION = /"operationName":"(\w+)"/;
const KEEPS_OPEN = /"type":"p[io]ng"/;

/**
 * Counts what a window and the server say to each other. Begin before the page is opened: a socket that was opened
 * before is not seen.
 *
 * @returns what begins to count anew, and tells what was counted since
 */
export function countTraffic(page: Page): () => () => Traffic {
  const asked: string[] = [];
  let told = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname !== "/graphql") return;
    asked.push(OPERATION.exec(request.postData() ?? "")?.[1] ?? "unnamed");
  });
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      if (!KEEPS_OPEN.test(String(payload))) told += 1;
    });
  });
  return () => {
    const before = { asked: asked.length, told };
    return () => ({ asked: asked.slice(before.asked), told: told - before.told });
  };
}
