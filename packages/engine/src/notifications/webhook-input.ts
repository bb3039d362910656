import { randomBytes } from "node:crypto";
import type { EngineDeps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import { assertStorable } from "../rules/storable.ts";
import type { NotificationType } from "./notification-types.ts";

/** Says which addresses may be sent to. The server implements it: the engine knows no network. */
export interface ReceiverGuard {
  /**
   * @returns the address as it is kept
   * @throws InvalidInputError for one that may not be, or cannot be, sent to
   */
  check(url: string): Promise<string>;
}

export interface WebhookDeps extends EngineDeps {
  readonly receivers: ReceiverGuard;
}

/** As Standard Webhooks writes secrets: 32 random bytes. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

const MAX_DESCRIPTION = 500;

/** @throws InvalidInputError */
export function checkDescription(description: string | null | undefined): string | null {
  const text = description?.trim() || null;
  if (text && text.length > MAX_DESCRIPTION) {
    throw new InvalidInputError(`The description is longer than ${MAX_DESCRIPTION} characters.`, "description");
  }
  assertStorable(text, "The description", "description");
  return text;
}

/** Each once, in order, so that equal choices are stored alike. Empty means all. */
export function checkEventTypes(types: readonly NotificationType[] | null | undefined): readonly NotificationType[] {
  return [...new Set(types ?? [])].sort();
}
