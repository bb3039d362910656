import type { Generated, GenerateRequest, Generator, Preview } from "../jobs/generator.ts";

/** The request of a first step's first job, with what a test changes about it. */
export function generateRequest(change: Partial<GenerateRequest> = {}): GenerateRequest {
  return {
    jobId: 1,
    run: { id: 12, name: "Test", prompt: "sunset over the sea", variables: {} },
    step: { position: 1, name: "Form", description: null, config: {} },
    ordinal: 1,
    attempt: 0,
    seed: 99,
    parent: null,
    notes: [],
    feedback: [],
    ...change,
  };
}

/** What a generator made, and what it told meanwhile. */
export interface GeneratedOnce extends Generated {
  readonly told: {
    readonly shares: readonly number[];
    readonly messages: readonly string[];
    readonly previews: readonly Preview[];
    readonly texts: readonly string[];
    readonly log: readonly string[];
    readonly externalIds: readonly string[];
  };
}

export interface GenerateOnceOptions {
  readonly signal?: AbortSignal;
  /** What an earlier attempt has saved. */
  readonly externalId?: string | null;
  /** Called after each thing that is told. */
  readonly onTold?: (told: GeneratedOnce["told"]) => void;
}

/** Calls a generator as a worker would, and keeps what it tells; it may not hand the job over. */
export async function generateOnce(
  generator: Generator,
  request: GenerateRequest,
  { signal = new AbortController().signal, externalId = null, onTold = () => {} }: GenerateOnceOptions = {},
): Promise<GeneratedOnce> {
  const told = {
    shares: [] as number[],
    messages: [] as string[],
    previews: [] as Preview[],
    texts: [] as string[],
    log: [] as string[],
    externalIds: [] as string[],
  };
  const made = await generator.generate(request, {
    signal,
    externalId,
    progress(share, message, preview) {
      told.shares.push(share);
      if (message !== undefined) told.messages.push(message);
      if (preview) told.previews.push(preview);
      onTold(told);
    },
    write(text) {
      told.texts.push(text);
      onTold(told);
    },
    log(line) {
      told.log.push(line);
      onTold(told);
    },
    saveExternalId: async (id) => {
      told.externalIds.push(id);
      onTold(told);
    },
    lease: () => Promise.reject(new Error("Nobody else answers in this test.")),
  });
  if (made === "later") throw new Error("The generator left the answer to somebody else.");
  return { ...made, told };
}
