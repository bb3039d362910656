export { type ComfyServer, type ComfyServerOptions, startComfyServer } from "./comfyui-server/server.ts";
export type { OpenAiAnswer, OpenAiRequest } from "./openai-server/answers.ts";
export { type OpenAiServer, type OpenAiServerOptions, openAiServer, tinyPng } from "./openai-server/server.ts";
export { type OpencodeServer, opencodeServer } from "./opencode-server/server.ts";
