import type { LineageCandidateFragment as LineageCandidate } from "../../gql/generated/graphql.ts";
import { readFragment } from "../../gql/generated/index.ts";
import { familiesOf, type InTree } from "./layout.ts";
import { LineageCandidateFragment, type LineageRun } from "./lineage-query.ts";
import { goesOn, type Standing, standingOf } from "./standing.ts";

/** One candidate of the tree, with what is written on it. */
export interface TreeCandidate extends InTree {
  /** Its place in the family, "2.1.3". */
  readonly label: string;
  readonly step: LineageRun["steps"][number];
  readonly standing: Standing;
  readonly goesOn: boolean;
  /** It has a winner among its descendants, or is one. */
  readonly won: boolean;
  readonly childCount: number;
  readonly elo: number;
  readonly voteCount: number;
  /** Of its picture; undefined where it is text. */
  readonly thumbUrl: string | undefined;
}

/** The run's candidates as a tree that can be laid out: siblings by round, and then by their number. */
export function treeOf(run: LineageRun): readonly TreeCandidate[] {
  const columns = new Map(run.steps.map((step, index) => [step.id, index]));
  const candidates = readFragment(LineageCandidateFragment, run.lineage);
  const ordered = candidates.toSorted((one, other) => one.round - other.round || one.ordinal - other.ordinal);
  const labels = new Map<string, string>();
  for (const { id, ordinal, parent } of candidates) {
    const before = parent ? labels.get(parent.id) : undefined;
    labels.set(id, before === undefined ? `${ordinal}` : `${before}.${ordinal}`);
  }
  const families = familiesOf(candidates.map(({ id, parent }) => ({ id, parentId: parent?.id ?? null })));
  const won = winningLine(run, candidates);
  return ordered.flatMap((candidate) => {
    const column = columns.get(candidate.step.id);
    const step = run.steps[column ?? -1];
    // One that comes with an event may be of a step that is not read yet.
    if (column === undefined || step === undefined) return [];
    const standing = standingOf(candidate, isLast(run, candidate));
    const picture = candidate.assets.find(({ mediaType }) => mediaType.startsWith("image/"));
    return [
      {
        id: candidate.id,
        parentId: candidate.parent?.id ?? null,
        column,
        round: candidate.round,
        label: labels.get(candidate.id) ?? "",
        step,
        standing,
        goesOn: goesOn(standing),
        won: won.has(candidate.id),
        childCount: families.get(candidate.id)?.length ?? 0,
        elo: candidate.elo,
        voteCount: candidate.voteCount,
        thumbUrl: picture?.thumbUrl,
      },
    ];
  });
}

function isLast(run: LineageRun, { step }: LineageCandidate): boolean {
  return run.status === "COMPLETED" && step.id === run.steps.at(-1)?.id;
}

/** The winners and all that they stem from. */
function winningLine(run: LineageRun, candidates: readonly LineageCandidate[]): ReadonlySet<string> {
  const parents = new Map(candidates.map(({ id, parent }) => [id, parent?.id]));
  const line = new Set<string>();
  for (const candidate of candidates) {
    if (standingOf(candidate, isLast(run, candidate)) !== "winner") continue;
    for (let id: string | undefined = candidate.id; id !== undefined && !line.has(id); id = parents.get(id)) {
      line.add(id);
    }
  }
  return line;
}

/** A candidate and what it stems from, the first one first. */
export function ancestry(tree: readonly TreeCandidate[], id: string): readonly TreeCandidate[] {
  const byId = new Map(tree.map((each) => [each.id, each]));
  const line: TreeCandidate[] = [];
  for (let each = byId.get(id); each; each = byId.get(each.parentId ?? "")) line.unshift(each);
  return line;
}
