import { createHmac, timingSafeEqual } from "node:crypto";
import { SESSION_COOKIE } from "./better-auth.ts";

/**
 * The session token of a `Cookie` header, where it carries our signature (`token.base64(HMAC-SHA-256)`, as better-auth
 * writes it). A token that was read from the database opens nothing without the secret.
 */
export function sessionToken(cookies: string | undefined, secret: string): string | undefined {
  const value = decoded(cookieValue(cookies, SESSION_COOKIE));
  const dot = value?.lastIndexOf(".") ?? -1;
  if (!value || dot < 1) return undefined;
  const token = value.slice(0, dot);
  const expected = createHmac("sha256", secret).update(token).digest();
  const given = Buffer.from(value.slice(dot + 1), "base64");
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined;
}

function cookieValue(cookies: string | undefined, name: string): string | undefined {
  for (const pair of cookies?.split(";") ?? []) {
    const [key, ...value] = pair.trim().split("=");
    if (key === name) return value.join("=");
  }
  return undefined;
}

function decoded(value: string | undefined): string | undefined {
  try {
    return value && decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
