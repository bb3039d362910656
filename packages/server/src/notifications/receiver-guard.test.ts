import { InvalidInputError } from "@sluice/engine";
import { expect, it } from "vitest";
import { type Resolve, receiverGuard } from "./receiver-guard.ts";

const PUBLIC = { address: "93.184.215.14", family: 4 };
const LOOPBACK = { address: "127.0.0.1", family: 4 };
const resolve: Resolve = async (hostname) => {
  if (hostname === "example.org") return [PUBLIC];
  if (hostname === "both.example.org") return [PUBLIC, LOOPBACK];
  if (hostname.endsWith(".test")) return [LOOPBACK];
  throw new Error("ENOTFOUND");
};
const guard = receiverGuard({ allowPrivate: false, resolve });

it("gives a public address back as it is kept", async () => {
  expect(await guard.check(" HTTPS://Example.org/hook?key=1#part ")).toBe("https://example.org/hook?key=1");
  expect(await guard.check("http://1.1.1.1:8080/")).toBe("http://1.1.1.1:8080/");
});

it.each([
  "http://127.0.0.1/",
  "http://127.1/",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0x7f.0.0.1/",
  "http://0177.0.0.1/",
  "http://0/",
  "http://[::1]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[fd00:ec2::254]/",
  "http://169.254.169.254/latest/meta-data/",
  "http://①②⑦.0.0.1/",
  "http://127。0。0。1/",
  "http://internal.test/",
  "http://INTERNAL.test./",
  "http://both.example.org/",
])("refuses %s, which leads to this machine or its network", async (url) => {
  await expect(guard.check(url)).rejects.toThrow(/leads to a private address|cannot be resolved/);
  await expect(guard.check(url)).rejects.toBeInstanceOf(InvalidInputError);
});

it("refuses localhost by the name server of this machine", async () => {
  const real = receiverGuard({ allowPrivate: false });
  await expect(real.check("http://localhost:4000/")).rejects.toThrow("localhost leads to a private address");
});

it.each([
  ["ftp://example.org/", /begins with https/],
  ["file:///etc/passwd", /begins with https/],
  ["javascript:alert(1)", /begins with https/],
  ["example.org/hook", /begins with https/],
  ["https://user:password@example.org/", /user name or a password/],
  ["https://user@example.org/", /user name or a password/],
  [`https://example.org/${"a".repeat(2_000)}`, /longer than 2000/],
  ["https://nowhere.invalid/", /cannot be resolved/],
])("refuses %s", async (url, message) => {
  await expect(guard.check(url)).rejects.toThrow(message);
});

it("lets private addresses pass where the operator allows them, and nothing else more", async () => {
  const open = receiverGuard({ allowPrivate: true, resolve });
  expect(await open.check("http://internal.test/")).toBe("http://internal.test/");
  expect(await open.check("http://[::1]:8080/")).toBe("http://[::1]:8080/");
  await expect(open.check("ftp://internal.test/")).rejects.toThrow(/begins with https/);
  await expect(open.check("http://user@internal.test/")).rejects.toThrow(/user name/);
});
