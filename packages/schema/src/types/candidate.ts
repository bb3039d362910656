import type { Candidate } from "@sluice/db";
import { builder } from "../builder.ts";
import { AdvancementEnum, CandidateStatusEnum } from "./enums.ts";

const AssetType = builder.prismaObject("Asset", {
  description: "Bytes of a candidate. They never change, so they can be cached for ever.",
  fields: (t) => ({
    url: t.string({
      select: { sha256: true },
      description: "Path on this server; the same credentials open it.",
      resolve: ({ sha256 }) => `/assets/${sha256}`,
    }),
    previewUrl: t.string({
      select: { sha256: true, mediaType: true },
      description: "Path of a smaller picture; of the asset itself where it is no image.",
      args: {
        width: t.arg.int({ required: true, description: "Pixels; the next of 160, 320, 640 and 1280 is used." }),
      },
      resolve: ({ sha256, mediaType }, { width }) =>
        mediaType.startsWith("image/") ? `/assets/${sha256}?width=${previewWidth(width)}` : `/assets/${sha256}`,
    }),
    mediaType: t.exposeString("mediaType", { description: "Sniffed from the bytes, such as `image/png`." }),
    width: t.exposeInt("width", { nullable: true, description: "Pixels; null where it is no image." }),
    height: t.exposeInt("height", { nullable: true, description: "Pixels; null where it is no image." }),
    bytes: t.exposeInt("bytes", { description: "Size." }),
    sha256: t.exposeString("sha256", { description: "What the bytes are known by, lower-case hex." }),
  }),
});

/** Widths that previews are made in; a few, so that they are made once and cached well. */
export const PREVIEW_WIDTHS = [160, 320, 640, 1280] as const;

function previewWidth(wanted: number): number {
  return PREVIEW_WIDTHS.find((width) => width >= wanted) ?? 1280;
}

export const CandidateNode = builder.prismaNode("Candidate", {
  id: { field: "id" },
  description: "One generated image or text.",
  fields: (t) => ({
    step: t.relation("runStep", { description: "The step of the run that made it." }),
    parent: t.relation("parent", { nullable: true, description: "What it was made from; null in the first step." }),
    ordinal: t.exposeInt("ordinal", {
      description: "Its place among its parent's children, from 1; a replacement has a new one.",
    }),
    round: t.exposeInt("round", { description: "The round of its step that it was made in, from 1." }),
    status: t.expose("status", { type: CandidateStatusEnum, description: "Whether it counts." }),
    advancement: t.expose("advancement", {
      type: AdvancementEnum,
      description: "Whether it came through its step's gate.",
    }),
    elo: t.exposeFloat("elo", { description: "Its rating on the Elo scale: 1000 without votes." }),
    voteCount: t.exposeInt("voteCount", { description: "Comparisons that count: a side was chosen, or a tie." }),
    childCount: t.relationCount("children", {
      where: { status: "ACTIVE" },
      description: "Active candidates made from it.",
    }),
    text: t.exposeString("text", { nullable: true, description: "What it says; null for a picture." }),
    assets: t.prismaField({
      type: [AssetType],
      select: (_args, _context, nested) => ({
        assets: { orderBy: { position: "asc" }, select: { asset: nested() } },
      }),
      description: "Its files, the main one first.",
      resolve: (_query, candidate) => candidate.assets.map(({ asset }) => asset),
    }),
    meta: t.expose("meta", {
      type: "JSON",
      description: "What its generator, or whoever imported it, keeps with it, such as a genome or a diff; an object.",
    }),
    generator: t.exposeString("generator", {
      nullable: true,
      description: "Name of the generator that made it; null where it was imported.",
    }),
    model: t.exposeString("model", { nullable: true, description: "The model that the generator says it used." }),
    costUsd: t.exposeFloat("costUsd", {
      nullable: true,
      description: "US dollars that the attempt which made it has cost; null where the generator does not say.",
    }),
    inputTokens: t.exposeInt("inputTokens", {
      nullable: true,
      description: "Tokens that the model was given; null where the generator does not say.",
    }),
    outputTokens: t.exposeInt("outputTokens", {
      nullable: true,
      description: "Tokens that the model wrote; null where the generator does not say.",
    }),
    durationMs: t.exposeInt("durationMs", {
      nullable: true,
      description: "Milliseconds that the attempt took; null where it was imported.",
    }),
    warnings: t.exposeStringList("warnings", {
      description: "What the generator could not do as it was asked, each as a sentence.",
    }),
    importedBy: t.relation("importedBy", {
      nullable: true,
      description: "Who added it, made elsewhere; null where a generator of this installation made it.",
    }),
    source: t.exposeString("source", {
      nullable: true,
      description: "Where it was made, in the words of whoever imported it.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
    rejectedAt: t.expose("rejectedAt", { type: "DateTime", nullable: true, description: "When it was taken out." }),
  }),
});

export interface CandidateConnectionShape {
  edges: { cursor: string; node: Candidate }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  /** Counted only where it is asked for, if it takes a statement of its own. */
  totalCount: number | (() => Promise<number>);
}

const CandidateEdge = builder.edgeObject({
  type: CandidateNode,
  name: "CandidateEdge",
  description: "A candidate in a list.",
});

export const CandidateConnection = builder.connectionObject(
  {
    type: CandidateNode,
    name: "CandidateConnection",
    description: "A page of candidates.",
    fields: (t) => ({
      totalCount: t.int({
        description: "How many there are on all pages.",
        resolve: (connection) => {
          const { totalCount } = connection as unknown as CandidateConnectionShape;
          return typeof totalCount === "function" ? totalCount() : totalCount;
        },
      }),
    }),
  },
  CandidateEdge,
);
