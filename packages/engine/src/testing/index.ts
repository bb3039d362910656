export { brokenRunRules } from "./run-rules.ts";
