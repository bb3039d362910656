import { expect, it } from "vitest";
import { waitingClaims } from "./waiting-claims.ts";

it("holds each to as many, and gives places back", () => {
  const claims = waitingClaims(2);
  const first = claims.begin(1);
  expect(claims.begin(1)).not.toBeNull();
  expect(claims.begin(1)).toBeNull();
  expect(claims.begin(2)).not.toBeNull();
  first?.();
  expect(claims.begin(1)).not.toBeNull();
  expect(claims.begin(1)).toBeNull();
});

it("lets four of all who wait look at a time", async () => {
  const claims = waitingClaims();
  const found = Promise.withResolvers<void>();
  let looking = 0;
  let most = 0;
  const looks = Array.from({ length: 10 }, () =>
    claims.look(async () => {
      looking += 1;
      most = Math.max(most, looking);
      await found.promise;
      looking -= 1;
    }),
  );
  found.resolve();
  await Promise.all(looks);
  expect(most).toBe(4);
});
