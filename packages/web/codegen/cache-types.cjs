// A code generator plugin: the two facts about the schema that the normalised cache needs.
// Shipping the whole introspection instead would cost about ten times as much script.
const { isAbstractType, isObjectType } = require("graphql");

module.exports = {
  plugin(schema) {
    const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__"));
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const possible = Object.fromEntries(
      types.filter(isAbstractType).map((type) => [type.name, schema.getPossibleTypes(type).map((t) => t.name)]),
    );
    const embedded = types
      .filter((type) => isObjectType(type) && !roots.includes(type) && !type.getFields().id)
      .map((type) => type.name);
    return [
      `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(possible)};`,
      `export const typesWithoutId: readonly string[] = ${JSON.stringify(embedded)};`,
      "",
    ].join("\n");
  },
};
