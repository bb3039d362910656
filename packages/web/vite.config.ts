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
