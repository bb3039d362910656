// Prints what Sluice's webhook tells, after it has checked that Sluice said it. Needs no package.
//   WEBHOOK_SECRET=whsec_… node receive-webhook.mjs [port]
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
const seen = new Set();

/** Standard Webhooks: base64 of HMAC-SHA256 over id, time and body. While a secret is changed there are two of them. */
function isGenuine(headers, body) {
  const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signatures = "" } = headers;
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300) return false; // Somebody repeats an old one.
  const expected = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest();
  return signatures.split(" ").some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ""), "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  if (!isGenuine(request.headers, body)) return response.writeHead(401).end();
  response.writeHead(204).end();
  // What was sent twice has the same id.
  if (seen.has(request.headers["webhook-id"])) return;
  seen.add(request.headers["webhook-id"]);
  const { type, data } = JSON.parse(body);
  console.log(`${type}  ${data.text}`);
}).listen(Number(process.argv[2] ?? 4100), "127.0.0.1");
