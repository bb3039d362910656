import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { defaultUsage, type OpenAiAnswer, type OpenAiRequest, type OpenAiUsage, type TextAnswer } from "./answers.ts";

/** Sends an answer in the form that its request asks for. */
export async function sendAnswer(
  response: ServerResponse,
  request: OpenAiRequest,
  answer: OpenAiAnswer,
  origin: string,
): Promise<void> {
  if ("hang" in answer) return;
  if ("drop" in answer) return void response.destroy();
  if ("endless" in answer) return await sendEndless(response, answer.endless);
  if ("raw" in answer)
    return send(response, 200, answer.raw, { "content-type": answer.contentType ?? "application/json" });
  if ("status" in answer) {
    const { status, message, code = null, retryAfter, location } = answer;
    return send(response, status, JSON.stringify({ error: { message, type: "error", param: null, code } }), {
      ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
      ...(location === undefined ? {} : { location }),
    });
  }
  if ("images" in answer) {
    const data = answer.images.map((image) =>
      "url" in image
        ? { url: new URL(image.url, origin).href }
        : { b64_json: Buffer.from(image.bytes).toString("base64") },
    );
    return send(response, 200, JSON.stringify({ created: 1, data, usage: imageUsage(answer.usage) }));
  }
  if (request.body.stream === true) return await stream(response, request, answer);
  send(
    response,
    200,
    JSON.stringify({
      ...head(request, "chat.completion"),
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: answer.text.join("") },
          finish_reason: answer.finishReason ?? "stop",
        },
      ],
      usage: usageOf(answer.usage),
    }),
  );
}

/** As OpenAI streams: one delta an event, the finish reason, the usage in an event without choices, `[DONE]`. */
async function stream(response: ServerResponse, request: OpenAiRequest, answer: TextAnswer): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const event = (change: object) =>
    response.write(`data: ${JSON.stringify({ ...head(request, "chat.completion.chunk"), ...change })}\n\n`);
  const choice = (delta: object, finish: string | null = null) =>
    event({ choices: [{ index: 0, delta, finish_reason: finish }] });
  choice({ role: "assistant", content: "" });
  for (const [index, piece] of answer.text.entries()) {
    choice({ content: piece });
    await answer.pace?.(index + 1);
    if (response.destroyed) return;
  }
  if (answer.cut) return void response.destroy();
  choice({}, answer.finishReason ?? "stop");
  event({ choices: [], usage: usageOf(answer.usage) });
  response.end("data: [DONE]\n\n");
}

async function sendEndless(response: ServerResponse, piece: string): Promise<void> {
  response.writeHead(200, { "content-type": "application/json" });
  const closed = once(response, "close");
  while (!response.destroyed) {
    if (!response.write(piece)) await Promise.race([once(response, "drain"), closed]);
  }
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}

function head(request: OpenAiRequest, object: string) {
  return { id: "chatcmpl-1", object, created: 1, model: request.body.model };
}

function usageOf(usage: OpenAiUsage = defaultUsage) {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
  };
}

function imageUsage(usage: OpenAiUsage | undefined) {
  return usage && { input_tokens: usage.input, output_tokens: usage.output, total_tokens: usage.input + usage.output };
}
