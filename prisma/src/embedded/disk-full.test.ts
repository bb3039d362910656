import { expect, it } from "vitest";
import { diskFull } from "./disk-full.ts";

// Each as it was printed on a file system of 20 MB.
it.each([
  'initdb: error: could not create directory "x": No space left on device',
  "HINT:  Check free disk space.",
  "ENOSPC: no space left on device, write",
])("tells a full disk from %s", (said) => {
  expect(diskFull(said, "/data")?.message).toMatch(/^The disk that holds \/data is full.+SLUICE_DATA_DIR/);
});

it("leaves other failures to others", () => {
  expect(diskFull("FATAL:  could not bind", "/data")).toBeUndefined();
});
