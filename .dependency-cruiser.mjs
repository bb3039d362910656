/** Data flows one way: prisma → engine → schema → server. Each rule names what a folder may not import, and why. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

export default {
  forbidden: [
    forbid(
      "no-cycles",
      "Files that need each other cannot be understood one at a time. GraphQL types do refer to each other in circles.",
      { pathNot: "^packages/schema/src/types/" },
      { circular: true },
    ),
    forbid(
      "db-is-the-bottom",
      "The database package knows nothing of what is built on it.",
      { path: "^prisma/" },
      { path: "^packages/" },
    ),
    forbid(
      "engine-knows-only-db",
      "The rules know no HTTP, no GraphQL and no generator.",
      { path: "^packages/engine/" },
      { path: "^packages/(generators|schema|server|web)/|node_modules/(graphql|graphql-yoga|@pothos)/" },
    ),
    forbid(
      "generators-know-only-engine",
      "A generator implements the engine's port and sees nothing else.",
      { path: "^packages/generators/" },
      { path: "^prisma/|^packages/(schema|server|web)/" },
    ),
    forbid(
      "schema-reads-and-commands",
      "Writes go through engine commands; the schema has no way to the database of its own but Prisma's reads.",
      { path: "^packages/schema/", pathNot: "\\.(test|spec)\\.ts$" },
      { path: "^packages/(generators|server|web)/|node_modules/(pg|pg-pool|graphile-worker)/" },
    ),
    forbid(
      "web-stands-alone",
      "The dashboard knows the server by schema.graphql alone.",
      { path: "^packages/web/" },
      { path: "^prisma/|^packages/(engine|generators|schema|server)/" },
    ),
    // lib <- components <- features <- app
    ...[
      ["lib", "components|features|app"],
      ["components", "features|app"],
      ["features", "app"],
    ].map(([layer, above]) =>
      forbid(
        `web-${layer}-knows-nothing-above`,
        "What several features need is in components where it draws, and in lib where it does not; pages are put together in app.",
        { path: `^packages/web/src/${layer}/` },
        { path: `^packages/web/src/(${above})/` },
      ),
    ),
    forbid(
      "nobody-imports-server",
      "Composition roots are the end of the line.",
      { path: "^(prisma|packages/(engine|generators|schema|web))/" },
      { path: "^packages/server/" },
    ),
    forbid(
      "packages-by-their-entry",
      "What a package does not export by its entry is its own affair.",
      { path: "^packages/([^/]+)/" },
      { path: "^(prisma|packages)/", pathNot: "^packages/$1/|/src/index\\.ts$|/src/testing/index\\.ts$" },
    ),
    forbid(
      "tests-stay-tests",
      "The product does not import test code.",
      { path: "^(prisma|packages/[^/]+)/src/", pathNot: "\\.test\\.tsx?$|/src/testing/" },
      { path: "\\.(test|spec)\\.tsx?$|/testing/" },
    ),
    forbid("only-what-exists", "An import that cannot be resolved fails at run time.", {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(generated|dist)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
