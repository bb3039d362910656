import { defineConfig } from "vitest/config";

export default defineConfig({
  // As Node itself resolves. With Vite's own conditions our code would get another copy of `graphql` than the libraries.
  ssr: { resolve: { conditions: ["module-sync", "node"] } },
  test: {
    include: [
      "scripts/**/*.test.mjs",
      "prisma/src/**/*.test.ts",
      "packages/*/src/**/*.test.{ts,tsx}",
      "packages/*/test/**/*.spec.ts",
    ],
    // One PostgreSQL per run; each file clones its own database (see prisma/src/testing).
    globalSetup: ["prisma/src/testing/vitest-global-setup.ts"],
    pool: "forks",
    // Most of the time a test waits for a database or a socket: one worker per two cores would leave them idle.
    maxWorkers: 2,
    // Slow and shared machines are ordinary; a test that hangs is still told apart from one that is slow.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ["default", "./scripts/checks/failed-files.mjs"],
  },
});
