import { type DocumentNode, type GraphQLSchema, getOperationAST, TypeInfo, visit, visitWithTypeInfo } from "graphql";

/**
 * How the values of a subscription follow each other, which decides what a reader that falls behind may miss.
 *
 * - `state`: each value is the whole state; a newer one makes the older ones worthless.
 * - `each`: a value is the new state of one of many objects, and the source names it by its database id; a newer one
 *   of the same object makes the older one worthless.
 * - `log`: every value counts, and where a reader is in it is the reader's own.
 */
export type Delivery = "state" | "each" | "log";

/** For the `extensions` of a subscription field. */
export function delivers(delivery: Delivery): { readonly delivery: Delivery } {
  return { delivery };
}

/** For the `extensions` of a field whose value depends on who asks, at the same rights. */
export const VIEWER_SPECIFIC = { viewerSpecific: true } as const;

export interface Sharing {
  readonly delivery: Delivery;
  /** Something that is selected depends on who asks. */
  readonly viewerSpecific: boolean;
}

/** How a subscription may be shared among those who ask the same. Fields of all fragments count, used or not. */
export function sharingOf(schema: GraphQLSchema, document: DocumentNode, operationName?: string | null): Sharing {
  const operation = getOperationAST(document, operationName);
  let delivery: Delivery = "log";
  let viewerSpecific = false;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      OperationDefinition: (node) => (node === operation ? undefined : false),
      Field: (): void => {
        const field = types.getFieldDef();
        viewerSpecific ||= field?.extensions.viewerSpecific === true;
        if (types.getParentType() === schema.getSubscriptionType()) {
          delivery = (field?.extensions.delivery as Delivery | undefined) ?? "log";
        }
      },
    }),
  );
  return { delivery, viewerSpecific };
}
