import { nameKey } from "@sluice/engine";
import { expect, it } from "vitest";
import { checkEmail } from "./actors.ts";
import { checkName } from "./names.ts";

it.each([
  ["  Ada   Lovelace ", "Ada Lovelace"],
  ["Ａｄａ", "Ada"],
  ["Zoë", "Zoë"],
  ["Ольга Smith", "Ольга Smith"],
  ["山田 太郎", "山田 太郎"],
])("keeps %j as %j", (text, name) => expect(checkName(text)).toBe(name));

it.each([
  ["an address", "ada@example.org"],
  ["a wide @", "ada＠example.org"],
  ["a role", "Role:owner"],
  ["a zero-width space", "ad\u200ba"],
  ["a zero-width joiner", "ad\u200da"],
  ["a right-to-left override", "\u202eada"],
  ["a Hangul filler", "ada\u3164"],
  ["a half-width filler", "\uffa0"],
  ["a Hangul Choseong filler", "\u115f"],
  ["Braille without dots", "ada\u2800"],
  ["a combining grapheme joiner", "ad\u034fa"],
  ["a variation selector", "ada\ufe0f"],
  ["a null character", "ad\0a"],
  ["half of a character", "ad\ud800a"],
  ["a Cyrillic a in a Latin word", "аda"],
  ["a Greek o in a Latin word", "bοb"],
  ["the name of SLUICE_ADMIN_TOKEN", "ADMIN TOKEN"],
  ["what automatic decisions are called", "Policy"],
  ["the name of this product", "sluice"],
  ["nothing but spaces", " \u2003 "],
])("refuses %s", (_what, text) => expect(() => checkName(text)).toThrow());

it("takes names for the same that differ in case or in how they are written", () => {
  expect(new Set(["Straße", "STRASSE", "strasse"].map(nameKey)).size).toBe(1);
  expect(nameKey("Zoe\u0308")).toBe(nameKey("ZOË"));
  expect(nameKey("ada")).not.toBe(nameKey("adam"));
});

it.each(["a@b..c", "x@[127.0.0.1]", "a b@c.d", "@c.de", "a@b", "a@-b.de", "nul\0@c.de"])(
  "%j is no email address",
  (text) => expect(() => checkEmail(text)).toThrow(),
);

it.each(["Ada+1@Example.org", "o'neil@sub.example.co.uk"])("%j is an email address", (text) =>
  expect(checkEmail(text)).toBe(text.toLowerCase()),
);
