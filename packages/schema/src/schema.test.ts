import { readFile } from "node:fs/promises";
import {
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from "graphql";
import { describe, expect, it } from "vitest";
import { printedSchema } from "./print.ts";
import { schema } from "./schema.ts";

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);
const fieldsOf = (type: GraphQLNamedType | null | undefined) =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];

describe("the schema", () => {
  it("is the one that is committed; `node packages/schema/src/write-schema.ts` writes it", async () => {
    expect(printedSchema()).toBe(await readFile(new URL("../schema.graphql", import.meta.url), "utf8"));
  });

  it("describes every type, field, argument, enum value and input field", () => {
    const bare: string[] = [];
    const check = (coordinate: string, described: { description?: string | null | undefined }): void => {
      if (!described.description?.trim()) bare.push(coordinate);
    };
    for (const type of types) {
      check(type.name, type);
      for (const field of fieldsOf(type)) {
        check(`${type.name}.${field.name}`, field);
        for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name}:)`, arg);
      }
      if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field);
      }
    }
    expect(bare).toEqual([]);
    expect(types.length).toBeGreaterThan(50);
  });
});

describe("conventions", () => {
  const mutations = fieldsOf(schema.getMutationType());
  const rank = (name: string) => (name.endsWith("Success") ? 0 : 1);

  it.each(mutations.map((field) => [field.name, field] as const))(
    "%s takes one input, and answers with a union of its success and errors",
    (name, field) => {
      const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      expect(field.args.map((arg) => `${arg.name}: ${arg.type}`)).toEqual([`input: ${capital}Input!`]);
      expect(isNonNullType(field.type)).toBe(true);
      const result = getNamedType(field.type);
      expect(result.name).toBe(`${capital}Result`);
      if (!isUnionType(result)) throw new Error(`${result.name} is no union.`);
      const [success, ...errors] = result.getTypes().toSorted((a, b) => rank(a.name) - rank(b.name));
      expect(success?.name).toBe(`${capital}Success`);
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) {
        expect(error.getInterfaces().map((each) => each.name)).toContain("Error");
        expect(error.name).toMatch(/Error$/);
      }
    },
  );

  it("writes enum values in capitals, fields and arguments in camelCase", () => {
    for (const type of types) {
      if (isEnumType(type)) for (const { name } of type.getValues()) expect(name).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      for (const field of fieldsOf(type)) {
        expect(`${type.name}.${field.name}`).toMatch(/\.[a-z][A-Za-z0-9]*$/);
        for (const arg of field.args) expect(arg.name).toMatch(/^[a-z][A-Za-z0-9]*$/);
      }
    }
  });

  it("gives every connection the same shape", () => {
    const connections = types.filter((type) => type.name.endsWith("Connection"));
    expect(connections.length).toBeGreaterThan(2);
    for (const connection of connections) {
      const fields = new Map(fieldsOf(connection).map((field) => [field.name, String(field.type)]));
      expect(fields.get("edges")).toMatch(/^\[\w+Edge\]!$/);
      expect(fields.get("pageInfo")).toBe("PageInfo!");
    }
  });

  it("has each subscription say how its values follow each other, which decides how it is shared", () => {
    for (const field of fieldsOf(schema.getSubscriptionType())) {
      expect([field.name, field.extensions.delivery]).toEqual([
        field.name,
        expect.stringMatching(/^(state|each|log)$/),
      ]);
    }
  });
});
