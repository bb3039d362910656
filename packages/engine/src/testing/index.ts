export { type GeneratedOnce, generateOnce, generateRequest } from "./generate-once.ts";
export { brokenRunRules } from "./run-rules.ts";
