import { schema } from "@sluice/schema";
import { getIntrospectionQuery, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { exceededLimit, QUERY_LIMITS } from "./query-limits.ts";

const refusal = (text: string) => exceededLimit(schema, parse(text))?.message;
const repeat = (times: number, text: (index: number) => string) => Array.from({ length: times }, (_, i) => text(i));

describe("exceededLimit", () => {
  it("lets through what people ask for", () => {
    const run = `run(id: "x") { steps { candidates(first: 100) { totalCount edges { node { id assets { url } parent { id } } } } } }`;
    expect(refusal(`{ ${run} }`)).toBeUndefined();
    expect(refusal("{ runs(first: 100) { edges { node { id steps { id statusLabel } } } } }")).toBeUndefined();
    expect(refusal(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }))).toBeUndefined();
  });

  it("refuses what is nested too deep", () => {
    const nested = (depth: number) =>
      `{ run(id: "x") { ${"pipeline { steps { ".repeat(depth)} id ${"} }".repeat(depth)} } }`;
    expect(
      refusal(`{ candidate: node(id: "x") { ...on Candidate { ${"parent { ".repeat(18)} id ${"}".repeat(18)} } } }`),
    ).toBe(undefined);
    expect(
      refusal(`{ candidate: node(id: "x") { ...on Candidate { ${"parent { ".repeat(30)} id ${"}".repeat(30)} } } }`),
    ).toContain("20 levels");
    expect(refusal(nested(30))).toMatch(/levels|objects/);
  });

  it("refuses too many fields, however they are aliased or spread", () => {
    const run = (index: number) => `r${index}: run { id }`;
    expect(refusal(`{ node(id: "x") { ...on RunStep { ${repeat(600, run).join(" ")} } } }`)).toContain("1000 fields");
  });

  it("stops at fragments that double each other, which would be 2^40 fields", () => {
    const fragments = repeat(
      40,
      (i) => `fragment F${i} on Candidate { a: parent { ...F${i + 1} } b: parent { ...F${i + 1} } }`,
    );
    const text = `{ node(id: "x") { ...F0 } } ${fragments.join(" ")} fragment F40 on Candidate { id }`;
    expect(refusal(text)).toMatch(/fields|levels/);
  });

  it("stops at fragments that spread each other in a circle", () => {
    const text = `{ node(id: "x") { ...A } } fragment A on Candidate { ...B } fragment B on Candidate { ...A }`;
    expect(refusal(text)).toContain("levels");
  });

  it("refuses an answer that would be too large, by what `first` asks for", () => {
    const runs = (first: string) =>
      `query Q($n: Int) { runs(first: ${first}) { edges { node { steps { candidates(first: ${first}) { edges { node { id } } } } } } } }`;
    expect(refusal(runs("10"))).toBeUndefined();
    expect(refusal(runs("100"))).toContain("`first`");
    expect(refusal(runs("$n"))).toContain("`first`");
    expect(refusal(runs("2147483647"))).toContain("`first`");
  });

  it.each([
    [2, "query ($y: String!)", "checkPipelines(yaml: $y) { __typename }"],
    [2, "mutation ($y: String!)", "applyPipelines(input: { yaml: $y }) { __typename }"],
    [2, "query", "verifyAudit { __typename }"],
    [12, "query", "decisionTimes { __typename }"],
    [99, "query", 'node(id: "x") { ...on RunStep { approvalPreview { __typename } } }'],
    [199, "query", 'node(id: "x") { ...on RunStep { nextPair { __typename } } }'],
    [199, "query", 'node(id: "x") { ...on RunStep { votingProgress { __typename } } }'],
  ])("lets %i through of what takes far longer than its answer, and no more: %s { %s }", (most, operation, field) => {
    const of = (times: number) => `${operation} { ${repeat(times, (i) => `a${i}: ${field}`).join(" ")} }`;
    expect(refusal(of(most))).toBeUndefined();
    expect(refusal(of(most + 1))).toContain("too much at once");
  });

  it("lets a run be previewed as a whole, but not all runs", () => {
    const previews =
      "steps { approvalPreview { ranked { candidate { id assets { url } } } } nextPair { left { id } } }";
    expect(refusal(`{ run(id: "x") { ${previews} } }`)).toBeUndefined();
    expect(refusal(`{ runs(first: 2) { edges { node { ${previews} } } } }`)).toContain("`first`");
  });

  it("counts every alias of a list of steps with as many as a pipeline may have", () => {
    const pipelines = (aliases: number) =>
      `{ ${repeat(aliases, (i) => `a${i}: pipelines(first: 100) { edges { node { steps { id } } } }`).join(" ")} }`;
    expect(refusal(pipelines(11))).toBeUndefined();
    expect(refusal(pipelines(12))).toContain("objects");
  });

  it("counts what introspection lists, each time that it is asked for", () => {
    const types = (index: number) =>
      `a${index}: types { name fields { name args { name type { name } } type { name ofType { name } } } }`;
    expect(refusal(`{ __schema { ${repeat(3, types).join(" ")} } }`)).toBeUndefined();
    expect(refusal(`{ __schema { ${repeat(40, types).join(" ")} } }`)).toContain("objects");
    expect(refusal(`{ ${repeat(40, (i) => `s${i}: __schema { ${types(0)} }`).join(" ")} }`)).toContain("objects");
  });

  it("says that all of the document's operations count, used or not", () => {
    const text = repeat(QUERY_LIMITS.fields + 1, (i) => `query Q${i} { viewer { name } }`).join(" ");
    expect(refusal(text)).toContain("fields");
  });
});
