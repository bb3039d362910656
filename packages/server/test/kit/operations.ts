import { RIGHTS, type Right } from "@sluice/engine";
import { schema } from "@sluice/schema";
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";

/** One operation of the API, with arguments that are as little as it takes. */
export interface Operation {
  /** Such as `mutation approveStep`, or `query apiKeys(everybody: true)` where the rule depends on an argument. */
  readonly title: string;
  readonly kind: "query" | "mutation" | "subscription";
  readonly field: string;
  /** What it takes; null where the schema says nothing, or nothing that is one of the rights. */
  readonly right: Right | null;
  /** The whole document. */
  readonly document: string;
}

type Field = GraphQLField<unknown, unknown>;
type Scopes = Readonly<Record<string, boolean>>;
type Rule = Scopes | ((root: unknown, values: Readonly<Record<string, unknown>>) => Scopes);

/** Every operation of the schema, as it is now: a new one is in the list by itself. */
export function operations(): Operation[] {
  const roots = [
    ["query", schema.getQueryType()],
    ["mutation", schema.getMutationType()],
    ["subscription", schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, root]) =>
    Object.values(root?.getFields() ?? {}).flatMap((field) =>
      variants(field).map((values): Operation => {
        const text = callOf(field, values);
        return {
          title: `${kind} ${Object.keys(values).length > 0 ? text : field.name}`,
          kind,
          field: field.name,
          right: rightOf(field, values),
          document: `${kind} { ${text}${isLeafType(getNamedType(field.type)) ? "" : " { __typename }"} }`,
        };
      }),
    ),
  );
}

function ruleOf(field: Field): Rule | undefined {
  const { pothosOptions } = field.extensions as { pothosOptions?: { authScopes?: Rule } };
  return pothosOptions?.authScopes;
}

/** Where the rule looks at the arguments: each of its flags both ways. */
function variants(field: Field): Readonly<Record<string, boolean>>[] {
  if (typeof ruleOf(field) !== "function") return [{}];
  const flags = field.args.filter(({ type }) => getNamedType(type).name === "Boolean");
  return flags.flatMap(({ name }) => [{ [name]: false }, { [name]: true }]);
}

function rightOf(field: Field, values: Readonly<Record<string, boolean>>): Right | null {
  const rule = ruleOf(field);
  const scopes = typeof rule === "function" ? rule(undefined, values) : rule;
  const asked = Object.keys(scopes ?? {}).filter((name) => scopes?.[name]);
  return asked.length === 1 ? (RIGHTS.find((right) => right === asked[0]) ?? null) : null;
}

function callOf(field: Field, values: Readonly<Record<string, boolean>>): string {
  const given = field.args.flatMap((argument) =>
    argument.name in values ? [`${argument.name}: ${values[argument.name]}`] : leastOf(argument),
  );
  return given.length > 0 ? `${field.name}(${given.join(", ")})` : field.name;
}

function leastOf({ name, type, defaultValue }: Pick<GraphQLArgument, "name" | "type" | "defaultValue">): string[] {
  return isNonNullType(type) && defaultValue === undefined ? [`${name}: ${literal(type.ofType)}`] : [];
}

/** A value of the type that names nothing which is there. */
function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return `[${literal(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) return `{ ${Object.values(type.getFields()).flatMap(leastOf).join(", ")} }`;
  const known = LITERALS[type.name];
  if (known === undefined) throw new Error(`Say here how a ${type.name} is written.`);
  return known;
}

const LITERALS: Readonly<Record<string, string>> = {
  ID: '"none"',
  String: '"none"',
  Int: "1",
  Float: "1",
  Boolean: "false",
  DateTime: '"2030-01-01T00:00:00Z"',
  JSON: "{}",
};
