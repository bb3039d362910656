/** A version of ComfyUI, as far as it decides what its API can do. */
export interface ComfyVersion {
  /** As the server says it. */
  readonly text: string | undefined;
  /** `POST /prompt` takes an id of ours (0.25). */
  readonly takesIds: boolean;
  /** `POST /api/jobs/{id}/cancel` is there (0.26). */
  readonly cancelsById: boolean;
}

/** A version that cannot be read counts as an old one: everything new has an older way. */
export function readVersion(text: string | undefined): ComfyVersion {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(text ?? "") ?? [];
  const atLeast = (wanted: number): boolean => major !== undefined && (Number(major) > 0 || Number(minor) >= wanted);
  return { text, takesIds: atLeast(25), cancelsById: atLeast(26) };
}
