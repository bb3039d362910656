import type { Warning } from "ai";

/** What the SDK could not do as it was asked, in sentences. */
export function warningSentences(warnings: readonly Warning[] | undefined): string[] {
  return (warnings ?? []).map(sentence);
}

function sentence(warning: Warning): string {
  switch (warning.type) {
    case "unsupported":
      return stop(`The model does not take "${warning.feature}"`, warning.details);
    case "compatibility":
      return stop(`"${warning.feature}" is only approximated for this model`, warning.details);
    case "deprecated":
      return stop(`"${warning.setting}" is deprecated`, warning.message);
    case "other":
      return warning.message;
    default:
      return warning satisfies never;
  }
}

function stop(text: string, details: string | undefined): string {
  return details ? `${text}: ${details}` : `${text}.`;
}
