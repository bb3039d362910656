/** An uploaded file's name in the store, or why it was not taken, in a sentence. */
export type Uploaded = { readonly ok: true; readonly sha256: string } | { readonly ok: false; readonly words: string };

/** From here on, a connection that was cut while the file was sent may mean that the server takes none so large. */
const LARGE = 16_000_000;
const TOO_LARGE = "The server did not take it all: it may be too large. Make it smaller, or try again in a moment.";
const UNREACHABLE = "The server cannot be reached. Try again in a moment.";

/** Sends a file to the store of assets. Sending the same one again is harmless: it is kept by what is in it. */
export async function uploadAsset(file: File): Promise<Uploaded> {
  const response = await fetch("/assets", {
    method: "POST",
    headers: { "content-type": file.type === "" ? "application/octet-stream" : file.type },
    body: file,
  }).catch(() => undefined);
  if (!response) return { ok: false, words: file.size > LARGE ? TOO_LARGE : UNREACHABLE };
  const answer: unknown = await response.text().then(parsed);
  if (response.ok && isRecord(answer) && typeof answer.sha256 === "string") return { ok: true, sha256: answer.sha256 };
  return { ok: false, words: wordsOf(answer) ?? `The server refused it (${response.status}).` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function wordsOf(answer: unknown): string | undefined {
  if (typeof answer === "string") return answer.trim() === "" ? undefined : answer.trim();
  if (!isRecord(answer)) return undefined;
  if (typeof answer.message === "string") return answer.message;
  if (typeof answer.error === "string") return answer.error;
  const [first]: readonly unknown[] = Array.isArray(answer.errors) ? answer.errors : [];
  return isRecord(first) && typeof first.message === "string" ? first.message : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
