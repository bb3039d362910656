/** Bytes that are kept, known by what they are. */
export interface StoredAsset {
  /** Lower-case hex. */
  readonly sha256: string;
  /** Sniffed from the bytes, never taken from whoever sent them. */
  readonly mediaType: string;
  readonly bytes: number;
  /** Pixels; null where it is no image. */
  readonly width: number | null;
  readonly height: number | null;
}

/** Where the bytes of candidates are. Writing the same bytes twice keeps them once. */
export interface AssetStore {
  /**
   * Keeps bytes durably: when this returns, they survive a crash.
   *
   * @throws GeneratorError when the bytes are refused (type, size) or cannot be written now (a full disk: retryable)
   */
  put(bytes: Uint8Array): Promise<StoredAsset>;
  /** @throws when the bytes are not there */
  read(sha256: string): Promise<Uint8Array>;
  /**
   * Deletes bytes that nobody has put since a time; those that are not there are deleted already.
   *
   * @returns whether they are gone
   */
  discard(sha256: string, before: Date): Promise<boolean>;
}
