import { listed } from "./listed.ts";

/**
 * Who has approved something else, as sentences: it does not count for this cut, and nothing else says so.
 *
 * @param others sign-offs in force for another cut
 * @param topK K of this cut
 */
export function otherCutsInWords(
  others: readonly { readonly name: string; readonly topK: number }[],
  topK: number,
): string[] {
  return [...Map.groupBy(others, (signOff) => signOff.topK)].map(([k, signOffs]) => {
    const who = listed(signOffs.map(({ name }) => name));
    return k === topK
      ? `${who} approved with K = ${k} when other candidates were the best; this is another cut.`
      : `${who} approved with K = ${k}; this is another cut.`;
  });
}

/** Where a gate stands after an approval, as sentences. */
export function approvalInWords(approval: {
  readonly opened: boolean;
  readonly signOffs: number;
  readonly requiredSignOffs: number;
  /** Sentences about approvals of other cuts. */
  readonly others: readonly string[];
}): string {
  const { opened, signOffs, requiredSignOffs, others } = approval;
  if (opened) return "The gate is open.";
  return [`${signOffs} of ${requiredSignOffs} different people have approved this cut.`, ...others].join(" ");
}
