import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { importDocuments } from "./codegen/import-documents.ts";

const server = process.env.SLUICE_URL ?? "http://localhost:4000";

export default defineConfig({
  plugins: [importDocuments(), react()],
  build: {
    outDir: "dist",
    // "/assets" is where the server keeps what generators made.
    assetsDir: "app",
    // A data: URL or an inline script would need a weaker content security policy than `script-src 'self'`.
    assetsInlineLimit: 0,
    // What the check of the first load reads.
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Left to itself the build shares so finely that the page of a run comes in 80 files, most below 2 kB, and a
          // browser takes longer to load them one after the other than to read them. Each group takes along what its
          // members import, if no group before it has that already.
          groups: [
            { name: "start", tags: ["$initial"], priority: 3 },
            { name: "runs", test: /src\/features\/(runs\/runs-page|inbox\/header-links)\.tsx$/, priority: 2 },
            { name: "run", test: /src\/features\/run\/run-page\.tsx$/, priority: 1 },
          ],
        },
      },
    },
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: {
      "/graphql": { target: server, ws: true },
      "/assets": server,
      "/auth": server,
      "/export": server,
      "/healthz": server,
      "/sign-in": server,
    },
  },
});
