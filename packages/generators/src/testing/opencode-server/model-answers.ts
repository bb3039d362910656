import type { OpenAiAnswer } from "../openai-server/answers.ts";

/** A model's answer that calls a tool, as it is streamed. */
export function toolCall(name: string, input: object): OpenAiAnswer {
  const delta = {
    tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name, arguments: JSON.stringify(input) } }],
  };
  return {
    raw: events([
      { delta: { role: "assistant", content: null } },
      { delta },
      { delta: {}, finish_reason: "tool_calls" },
    ]),
    contentType: "text/event-stream",
  };
}

function events(choices: readonly object[]): string {
  const chunk = (choices: readonly object[], usage?: object) =>
    `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "small", choices, usage })}\n\n`;
  return [
    ...choices.map((choice) => chunk([{ index: 0, finish_reason: null, ...choice }])),
    chunk([], { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }),
    "data: [DONE]\n\n",
  ].join("");
}
