import type { CandidateFilter, CandidateOrder } from "../../gql/generated/graphql.ts";

/** What became of a candidate, as the gallery filters by it. */
export const STATES = ["advancing", "not-advancing", "undecided", "active", "rejected"] as const;
export type GalleryState = (typeof STATES)[number];

export const SORTS = ["oldest", "newest", "best", "least", "most-votes", "fewest-votes"] as const;
export type GallerySort = (typeof SORTS)[number];

/** How large the tiles are; medium where nothing is said. */
export const SIZES = ["s", "m", "l"] as const;
export type GallerySize = (typeof SIZES)[number];

/** How two candidates are shown beside each other. */
export const VIEWS = ["slider", "differences"] as const;
export type CompareView = (typeof VIEWS)[number];

/** Everything that is chosen in the gallery, as it stands in the address: what is left out is as it is at first. */
export interface GallerySearch {
  /** The position of a step, from 1. */
  readonly step?: number;
  /** A round of that step, from 1. */
  readonly round?: number;
  readonly state?: GalleryState;
  readonly generator?: string;
  readonly model?: string;
  readonly origin?: "made" | "imported";
  /** Only the children of this candidate. */
  readonly parent?: string;
  /** What is searched for. */
  readonly q?: string;
  readonly sort?: GallerySort;
  readonly size?: GallerySize;
  /** The candidate that is open. */
  readonly open?: string;
  /** Ids of those that stand side by side, with commas between them. */
  readonly compare?: string;
  readonly view?: CompareView;
}

/** At most as many stand side by side. */
export const MOST_COMPARED = 6;

/** Reads an address that anybody may have typed: what makes no sense is left out. */
export function parseGallerySearch(search: Readonly<Record<string, unknown>>): GallerySearch {
  const step = positive(search.step);
  return defined({
    step,
    round: step === undefined ? undefined : positive(search.round),
    state: oneOf(STATES, search.state),
    generator: words(search.generator),
    model: words(search.model),
    origin: oneOf(["made", "imported"] as const, search.origin),
    parent: words(search.parent),
    q: words(search.q),
    sort: oneOf(SORTS, search.sort),
    size: oneOf(SIZES, search.size),
    open: words(search.open),
    compare: words(search.compare),
    view: oneOf(VIEWS, search.view),
  });
}

/** The ids that stand side by side, each once. */
export function comparedIds({ compare }: GallerySearch): readonly string[] {
  return [...new Set((compare ?? "").split(",").filter((id) => id !== ""))].slice(0, MOST_COMPARED);
}

/** What narrows the list down; the names are those of the address. */
const FILTERS = ["step", "round", "state", "generator", "model", "origin", "parent", "q"] as const;

/** How many filters are set. */
export function filtersSet(search: GallerySearch): number {
  return FILTERS.filter((name) => search[name] !== undefined).length;
}

/** The same address without any filter. */
export function withoutFilters(search: GallerySearch): GallerySearch {
  return defined({ ...search, ...Object.fromEntries(FILTERS.map((name) => [name, undefined])) });
}

/** The address with something chosen anew; undefined takes a choice away. Another step has other rounds. */
export function chosen(search: GallerySearch, change: Choice): GallerySearch {
  const { round, ...others } = search;
  const moved = "step" in change && change.step !== search.step;
  return defined({ ...others, ...(moved ? {} : { round }), ...change });
}

/** Choices to make (a value) or to take away (undefined). */
export type Choice = { readonly [Name in keyof GallerySearch]?: GallerySearch[Name] | undefined };

/**
 * What the API is asked for.
 *
 * @param stepIds of the run, by position
 * @returns undefined for everything
 */
export function filterOf(search: GallerySearch, stepIds: ReadonlyMap<number, string>): CandidateFilter | undefined {
  const stepId = search.step === undefined ? undefined : stepIds.get(search.step);
  const filter: CandidateFilter = defined({
    // A step that the run does not have has no candidates.
    stepIds: search.step === undefined ? undefined : stepId === undefined ? [] : [stepId],
    round: search.round,
    ...(search.state === undefined ? {} : STANDING[search.state]),
    generators: search.generator === undefined ? undefined : [search.generator],
    models: search.model === undefined ? undefined : [search.model],
    imported: search.origin === undefined ? undefined : search.origin === "imported",
    parentId: search.parent,
    search: search.q,
  });
  return Object.keys(filter).length === 0 ? undefined : filter;
}

const STANDING: Record<GalleryState, CandidateFilter> = {
  advancing: { advancement: ["ADVANCING"], status: ["ACTIVE"] },
  "not-advancing": { advancement: ["NOT_ADVANCING"], status: ["ACTIVE"] },
  undecided: { advancement: ["UNDECIDED"], status: ["ACTIVE"] },
  active: { status: ["ACTIVE"] },
  rejected: { status: ["REJECTED"] },
};

const ORDERS: Record<GallerySort, CandidateOrder> = {
  oldest: "OLDEST",
  newest: "NEWEST",
  best: "BEST_RATED",
  least: "LEAST_RATED",
  "most-votes": "MOST_VOTES",
  "fewest-votes": "FEWEST_VOTES",
};

export function orderOf({ sort = "oldest" }: GallerySearch): CandidateOrder {
  return ORDERS[sort];
}

/** Votes move candidates in this order. */
export function movesWithVotes({ sort = "oldest" }: GallerySearch): boolean {
  return sort !== "oldest" && sort !== "newest";
}

function words(value: unknown): string | undefined {
  // An address turns what looks like a number into one.
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

function positive(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 ? value : undefined;
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((each) => each === value);
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>;
}
