import { MAX_STEPS } from "@sluice/engine";
import { LINEAGE_LIMIT } from "@sluice/schema";
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from "graphql";

/** What one operation may ask for. The dashboard's largest have 338 tokens, 11 levels, 297 fields and 25,001 objects. */
export const QUERY_LIMITS = {
  /** Words and signs of the document, fragments included. */
  tokens: 4_000,
  /** Introspection, as GraphiQL sends it, is 15 deep. */
  depth: 20,
  /** Fields that are selected, those of a fragment each time that it is used. */
  fields: 1_000,
  /** Objects in the answer, estimated: `first` entries of a connection, or a guess for any other list. */
  objects: 60_000,
} as const;

const CONNECTION_DEFAULT = 20;
const CONNECTION_MAXIMUM = 100;
const LIST_ESTIMATE = 10;
/** Lists of which more is known: a pipeline has at most so many steps, and a candidate seldom so many assets. */
const LIST_ESTIMATES: ReadonlyMap<string, number> = new Map([
  ["steps", MAX_STEPS],
  ["assets", 3],
  ["lineage", LINEAGE_LIMIT],
]);
/** Fields that take far longer than what they answer with, by what each of them may take. */
const WORTH_OBJECTS: ReadonlyMap<string, number> = new Map([
  // The worst document holds up the thread, and everybody with it, for a second.
  ["checkPipelines", 25_000],
  ["applyPipelines", 25_000],
  // The whole chain is read.
  ["verifyAudit", 25_000],
  ["decisionTimes", 5_000],
  // Each asks for itself, and a ranking's posterior may have to be drawn for it.
  ["approvalPreview", 600],
  ["nextPair", 300],
  ["votingProgress", 300],
]);

/** What introspection lists for each type or field, rounded up from this schema; the types themselves are counted. */
const INTROSPECTION_ESTIMATES: ReadonlyMap<string, number> = new Map([
  ["directives", 5],
  ["fields", 4],
  ["args", 1],
  ["inputFields", 1],
  ["enumValues", 1],
  ["interfaces", 1],
  ["possibleTypes", 1],
  // Every second type is wrapped in another.
  ["ofType", 0.5],
]);

type Parent = GraphQLObjectType | GraphQLInterfaceType;

/**
 * Refuses operations that would keep the server busy for long, before anything looks at them closely: the rules of
 * GraphQL's own validation take time that grows with the square of the fields.
 *
 * The walk stops at the first limit it meets, so its own time is bounded too, whatever fragments spread each other.
 * Limits of libraries count fields and depth, but know nothing of `first`, on which the size of an answer depends.
 */
export function exceededLimit(schema: GraphQLSchema, document: DocumentNode): GraphQLError | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of document.definitions) {
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
  }
  const walk: Walk = { schema, fragments, fields: 0, objects: 0 };
  try {
    for (const each of document.definitions) {
      if (each.kind === Kind.OPERATION_DEFINITION) {
        visit(walk, each.selectionSet, schema.getRootType(each.operation) ?? undefined, { depth: 1, times: 1 });
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  fields: number;
  objects: number;
}

interface Place {
  readonly depth: number;
  /** How often the objects here are in the answer. */
  readonly times: number;
}

function visit(walk: Walk, set: SelectionSetNode, parent: GraphQLNamedType | undefined, place: Place): void {
  if (place.depth > QUERY_LIMITS.depth) throw tooMuch(`It is nested more than ${QUERY_LIMITS.depth} levels deep.`);
  for (const selection of set.selections) {
    walk.fields += 1;
    if (walk.fields > QUERY_LIMITS.fields) throw tooMuch(`It selects more than ${QUERY_LIMITS.fields} fields.`);
    if (selection.kind === Kind.FIELD) visitField(walk, selection, parent, place);
    else {
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value);
      if (!fragment) continue;
      const on = fragment.typeCondition ? walk.schema.getType(fragment.typeCondition.name.value) : parent;
      // A fragment is a level too: those that spread each other in a circle end here.
      const levels = selection.kind === Kind.INLINE_FRAGMENT ? 0 : 1;
      visit(walk, fragment.selectionSet, on, { ...place, depth: place.depth + levels });
    }
  }
}

function visitField(walk: Walk, node: FieldNode, parent: GraphQLNamedType | undefined, place: Place): void {
  if (!node.selectionSet) return;
  const field = fieldOf(parent, node);
  // Unknown fields are refused by the validation that follows.
  const type = field && getNamedType(field.type);
  const times = field && type ? place.times * entriesOf(walk, node, field, type) : place.times;
  if (type && !isPartOfConnection(type)) walk.objects += times * (WORTH_OBJECTS.get(field.name) ?? 1);
  if (walk.objects > QUERY_LIMITS.objects) {
    throw tooMuch(
      `It may answer with more than ${QUERY_LIMITS.objects} objects, or take as long. Ask for fewer with \`first\`.`,
    );
  }
  visit(walk, node.selectionSet, type, { depth: place.depth + 1, times });
}

function fieldOf(parent: GraphQLNamedType | undefined, node: FieldNode): GraphQLField<unknown, unknown> | undefined {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  if (node.name.value === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (node.name.value === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return (parent as Parent).getFields()[node.name.value];
}

/** How many objects a field gives for each parent. */
function entriesOf(
  { schema }: Walk,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  type: GraphQLNamedType,
): number {
  if (isIntrospectionType(type)) {
    return field.name === "types"
      ? Object.keys(schema.getTypeMap()).length
      : (INTROSPECTION_ESTIMATES.get(field.name) ?? 1);
  }
  if (type.name.endsWith("Connection") || field.args.some(({ name }) => name === "first")) {
    const first = node.arguments?.find(({ name }) => name.value === "first")?.value;
    if (!first || first.kind === Kind.NULL) return CONNECTION_DEFAULT;
    // What a variable holds is not known yet.
    const wanted = first.kind === Kind.INT ? Number(first.value) : CONNECTION_MAXIMUM;
    return Math.min(CONNECTION_MAXIMUM, Math.max(1, wanted));
  }
  // The entries of a connection were counted with it.
  return isListType(getNullableType(field.type)) && !isPartOfConnection(type)
    ? (LIST_ESTIMATES.get(field.name) ?? LIST_ESTIMATE)
    : 1;
}

function isPartOfConnection({ name }: GraphQLNamedType): boolean {
  return name.endsWith("Connection") || name.endsWith("Edge") || name === "PageInfo";
}

function tooMuch(what: string): GraphQLError {
  return new GraphQLError(`This operation asks for too much at once. ${what}`, {
    extensions: { code: "OPERATION_TOO_LARGE" },
  });
}
