import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { OpenAiRequest } from "./answers.ts";

/** Reads a JSON or a form body whole. */
export async function readRequest(incoming: IncomingMessage, response: ServerResponse): Promise<OpenAiRequest> {
  const hungUp = new Promise<void>((resolve) => {
    response.once("close", () => {
      if (!response.writableFinished) resolve();
    });
  });
  const bytes = await buffer(incoming);
  const type = incoming.headers["content-type"] ?? "";
  const fields: Record<string, unknown> = {};
  const files: OpenAiRequest["files"][number][] = [];
  if (type.startsWith("multipart/")) {
    const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
    for (const [field, value] of form.entries()) {
      // Forms send line ends as CRLF.
      if (typeof value === "string") fields[field] = value.replaceAll("\r\n", "\n");
      else files.push({ field, mediaType: value.type, bytes: await value.bytes() });
    }
  } else if (bytes.byteLength > 0) {
    Object.assign(fields, JSON.parse(bytes.toString()));
  }
  return {
    path: incoming.url ?? "",
    headers: incoming.headers,
    body: fields,
    files,
    told: toldIn(fields),
    hungUp,
  };
}

function toldIn(body: Record<string, unknown>): string {
  if (!Array.isArray(body.messages)) return String(body.prompt ?? "");
  const messages = body.messages as { content: string | { text?: string }[] | null }[];
  return messages
    .map(({ content }) => (Array.isArray(content) ? content.map(({ text = "" }) => text).join("\n") : (content ?? "")))
    .join("\n\n");
}
