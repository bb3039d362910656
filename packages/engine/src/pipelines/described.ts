import { z } from "zod";
import { didYouMean } from "./nearest-name.ts";

/** Gives each key of a shape what an editor says about it. */
export function described<Shape extends z.ZodRawShape>(
  shape: Shape,
  descriptions: { readonly [Key in keyof Shape]: string },
): Shape {
  const entries = Object.entries(shape).map(([key, schema]) => [
    key,
    (schema as z.ZodType).describe(descriptions[key] as string),
  ]);
  return Object.fromEntries(entries) as Shape;
}

/** An object without any other key. The error for one names the key that was most likely meant. */
export function fields<const Shape extends z.ZodRawShape>(what: string, shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? unknownKey(what, issue.keys?.[0] ?? "", known) : undefined),
  });
}

export function unknownKey(what: string, key: string, known: readonly string[]): string {
  return `${what} has no key "${key}".${didYouMean(key, known) || ` It may have ${known.join(", ")}.`}`;
}
