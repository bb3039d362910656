import { z } from "zod";
import { unknownKey } from "./described.ts";

const TYPES: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping (key: value)",
  record: "a mapping (key: value)",
};

/** Says in words what a schema found wrong. Undefined leaves it to zod. */
export const explainIssue: z.core.$ZodErrorMap = (issue) => {
  const what = subject(issue.path ?? []);
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return `${what} is missing.`;
      return `${what} must be ${TYPES[issue.expected] ?? issue.expected}, but is ${typeName(issue.input)}.`;
    case "too_small":
      if (issue.origin === "string") return `${what} must not be empty.`;
      return `${what} must be at least ${issue.minimum}.`;
    case "too_big":
      if (issue.origin === "string") return `${what} must not be longer than ${issue.maximum} characters.`;
      return `${what} must be at most ${issue.maximum}.`;
    case "invalid_value":
      return `${what} must be ${issue.values.map(String).join(" or ")}.`;
    case "invalid_format":
      return issue.format === "url"
        ? `${what} must be an address, such as https://example.org.`
        : `${what} is not written as it should be (${issue.format}).`;
    case "unrecognized_keys": {
      const { inst } = issue;
      return unknownKey(what, issue.keys[0] ?? "", inst instanceof z.ZodObject ? Object.keys(inst.shape) : []);
    }
    default:
      return undefined;
  }
};

/**
 * A sentence about one place, from what a schema of somebody else's says of it: that may be only what comes behind the
 * place's name ("must be an address"), and says nothing of a value that is missing.
 */
export function completeSentence(issue: z.core.$ZodIssue): string {
  const what = subject(issue.path);
  if (issue.input === undefined && issue.code === "invalid_type") return `${what} is missing.`;
  const sentence = /^\p{Ll}/u.test(issue.message) ? `${what} ${issue.message}` : issue.message;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function subject(path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  if (last === undefined) return "The document";
  return typeof last === "number" ? `Item ${last + 1} of "${String(path.at(-2))}"` : `"${String(last)}"`;
}

function typeName(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number" && !Number.isInteger(value)) return String(value);
  return TYPES[typeof value] ?? typeof value;
}
