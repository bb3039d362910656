import { createServer } from "node:net";
import { describe, expect, inject, it } from "vitest";
import { checkDatabase } from "./database-url.ts";
import { createTestDatabase } from "./testing/index.ts";

const secret = "do-not-tell";

function changed(url: string, change: (parts: URL) => void): string {
  const parts = new URL(url);
  change(parts);
  return parts.href;
}

describe("DATABASE_URL", () => {
  it("is fine when it is", async () => {
    await using database = await createTestDatabase();
    await expect(checkDatabase(database.url)).resolves.toBeUndefined();
  });

  it.each(["localhost:5432/sluice", "mysql://u:p@h/d", "sluice"])("has to be an address: %s", async (url) => {
    await expect(checkDatabase(url)).rejects.toThrow("DATABASE_URL is not an address of the form postgresql://");
  });

  it("says that nothing listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const check = checkDatabase(`postgres://u:${secret}@127.0.0.1:${port}/d`, { patience: 0 });
    await expect(check).rejects.toThrow(`nothing listens on 127.0.0.1:${port}. Start that PostgreSQL`);
  });

  it("says that the password is wrong, without telling it", async () => {
    const url = changed(inject("testClusterUrl"), (parts) => {
      parts.username = "stranger";
      parts.password = secret;
    });
    const error: Error = await checkDatabase(url).then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error.message).toMatch(/the server refuses user "stranger" .+Correct the user or the password/);
    expect(error.message).not.toContain(secret);
  });

  it("says that the database is missing, and how to make it", async () => {
    const url = changed(inject("testClusterUrl"), (parts) => (parts.pathname = "/missing"));
    await expect(checkDatabase(url)).rejects.toThrow(
      'the server has no database "missing". Make it with: createdb missing',
    );
  });

  it("does not pass what is no PostgreSQL", async () => {
    const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    await expect(checkDatabase(`postgres://u:p@127.0.0.1:${port}/d`)).rejects.toThrow(/^DATABASE_URL \(.+\): .+/);
    server.close();
  });
});
