import SchemaBuilder from "@pothos/core";
import ErrorsPlugin from "@pothos/plugin-errors";
import PrismaPlugin from "@pothos/plugin-prisma";
import RelayPlugin from "@pothos/plugin-relay";
import ScopeAuthPlugin, { type AuthFailure } from "@pothos/plugin-scope-auth";
import type PrismaTypes from "@sluice/db/pothos";
import { getDatamodel } from "@sluice/db/pothos";
import { ForbiddenError, may, RIGHTS, type Right, whyNot } from "@sluice/engine";
import { DateTimeResolver, JSONResolver } from "graphql-scalars";
import type { SchemaContext } from "./context.ts";
import { decodeNodeId, encodeNodeId, isNode } from "./node-id.ts";

export interface BuilderTypes {
  Context: SchemaContext;
  PrismaTypes: PrismaTypes;
  AuthScopes: Record<Right, boolean>;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: true };
  DefaultNodeNullability: false;
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
    ID: { Input: string; Output: string | number };
  };
}

/** The builder holds plugins, scalars and conventions; types are in `types/`. The order of the plugins matters. */
export const builder = new SchemaBuilder<BuilderTypes>({
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  errors: {
    defaultTypes: [],
    directResult: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
      description: "Success, or the reason why nothing was done.",
    },
  },
  scopeAuth: {
    authScopes: ({ actor }) =>
      Object.fromEntries(RIGHTS.map((right) => [right, may(actor, right)])) as Record<Right, boolean>,
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, { actor }, _info, { failure }) =>
      new ForbiddenError(whyNot(actor, missingRight(failure) ?? "VIEW")),
  },
  relay: {
    clientMutationId: "omit",
    cursorType: "String",
    encodeGlobalID: (typename, id) => encodeNodeId(typename, String(id)),
    decodeGlobalID: decodeNodeId,
    nodesQueryOptions: false,
    nodeQueryOptions: {
      authScopes: { VIEW: true },
      description: "Any object by its id; null when there is none.",
      args: { id: { description: "Its id." } },
      // Of a text that is no id, or an id of a type without any, the plugin would tell how it looks inside.
      resolve: (_root, { id }, _context, { schema }, resolveNode) =>
        isNode(schema, id.typename) ? resolveNode(id) : null,
    },
    nodeTypeOptions: { description: "An object that has an id of its own over the whole API." },
    idFieldOptions: { description: "Identifies the object over the whole API. Opaque." },
    edgesFieldOptions: { nullable: { list: false, items: true }, description: "The entries of this page, in order." },
    nodeFieldOptions: { nullable: false, description: "The entry itself." },
    cursorFieldOptions: { description: "Where this entry stands: give it as `after` to go on behind it." },
    pageInfoFieldOptions: { description: "Whether there is more, and how to get it." },
    pageInfoTypeOptions: { description: "Where a page stands among the others." },
    hasNextPageFieldOptions: { description: "More entries follow." },
    hasPreviousPageFieldOptions: { description: "There are entries before." },
    startCursorFieldOptions: { description: "Cursor of the first entry." },
    endCursorFieldOptions: { description: "Cursor of the last entry." },
    firstArgOptions: { description: "How many, from the start: 20 by default, 100 at most." },
    lastArgOptions: { description: "How many, from the end." },
    afterArgOptions: { description: "Only what follows this cursor." },
    beforeArgOptions: { description: "Only what precedes this cursor." },
    mutationInputArgOptions: { description: "What to do." },
  },
  prisma: {
    client: (context) => context.prisma,
    dmmf: getDatamodel(),
    defaultConnectionSize: 20,
    maxConnectionSize: 100,
  },
});

builder.addScalarType("DateTime", DateTimeResolver);
builder.addScalarType("JSON", JSONResolver);

builder.queryType({ description: "What can be read." });
builder.mutationType({
  description: "What can be done. Every mutation answers with a union: success, or an error that says what to do.",
});
builder.subscriptionType({ description: "What is pushed, over WebSocket (graphql-transport-ws) and SSE." });

/** The right that somebody lacks, of what the plugin tells of why they were refused. */
function missingRight(failure: AuthFailure): Right | undefined {
  switch (failure.kind) {
    case "AuthScope":
      return failure.scope as Right;
    case "AnyAuthScopes":
    case "AllAuthScopes":
      return failure.failures.map(missingRight).find((right) => right !== undefined);
    default:
      return undefined;
  }
}
