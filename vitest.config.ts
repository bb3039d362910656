import { defineConfig } from "vitest/config";

export default defineConfig({
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
    // Slow and shared machines are ordinary; a test that hangs is still told apart from one that is slow.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    retry: 0,
  },
});
