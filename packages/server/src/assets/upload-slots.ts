/** Uploads that one process takes at a time: each holds its whole file in memory. */
export interface UploadLimits {
  readonly perPerson: number;
  readonly inAll: number;
}

export const UPLOAD_LIMITS: UploadLimits = { perPerson: 4, inAll: 12 };

/** Whose uploads are under way. */
export interface UploadSlots {
  /** @returns what frees the slot again; or, as a sentence, why there is none */
  take(actorId: number): (() => void) | string;
}

export function uploadSlots({ perPerson, inAll }: UploadLimits): UploadSlots {
  const taken = new Map<number, number>();
  let total = 0;
  return {
    take(actorId) {
      const own = taken.get(actorId) ?? 0;
      if (own >= perPerson) {
        return `You are uploading ${own} files already, which is as many as one may at a time. Send this one again when one of them is there.`;
      }
      if (total >= inAll) {
        return `The server is taking ${total} files already, which is as many as it takes at a time. Send this one again in a moment.`;
      }
      taken.set(actorId, own + 1);
      total += 1;
      return () => {
        const left = (taken.get(actorId) ?? 1) - 1;
        if (left > 0) taken.set(actorId, left);
        else taken.delete(actorId);
        total -= 1;
      };
    },
  };
}
