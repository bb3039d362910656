import type { IncomingMessage } from "node:http";
import type { Files } from "./files.ts";
import { bodyOf, type CannedAnswer, json } from "./http-answers.ts";

const MAX_UPLOAD = 100 * 1024 * 1024;

/** As `view_image`. */
export function view(disk: Files, query: URLSearchParams): CannedAnswer {
  const name = query.get("filename") ?? "";
  if (name.startsWith("/") || name.includes("..")) return { status: 400 };
  const bytes = disk.read(query.get("type") ?? "output", name);
  if (!bytes) return { status: 404 };
  return { status: 200, mediaType: name.endsWith(".png") ? "image/png" : "video/mp4", body: bytes };
}

/** As `image_upload`. */
export async function upload(disk: Files, request: IncomingMessage): Promise<CannedAnswer> {
  const body = await bodyOf(request);
  if (body.byteLength > MAX_UPLOAD) return { status: 413 };
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  const image = form.get("image");
  if (!(image instanceof File)) return { status: 400 };
  const name = disk.upload(image.name, new Uint8Array(await image.arrayBuffer()));
  return json(200, { name, subfolder: "", type: "input" });
}
