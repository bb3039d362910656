import type { IncomingMessage, ServerResponse } from "node:http";

export interface CannedAnswer {
  readonly status: number;
  readonly mediaType?: string;
  readonly body?: string | Uint8Array;
}

export function json(status: number, body: object): CannedAnswer {
  return { status, mediaType: "application/json", body: JSON.stringify(body) };
}

export function give(response: ServerResponse, { status, mediaType, body }: CannedAnswer): void {
  response.writeHead(status, mediaType === undefined ? {} : { "content-type": mediaType }).end(body);
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
