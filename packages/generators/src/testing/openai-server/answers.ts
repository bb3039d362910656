/** What the endpoint answers to one request. */
export type OpenAiAnswer =
  | TextAnswer
  | { readonly images: readonly OpenAiImage[]; readonly usage?: OpenAiUsage }
  /** An error as OpenAI words it. */
  | {
      readonly status: number;
      readonly message: string;
      readonly code?: string;
      readonly retryAfter?: string;
      readonly location?: string;
    }
  /** Begins to answer, and goes on for ever: bytes until the caller hangs up. */
  | { readonly endless: string }
  /** Takes the request and never answers. */
  | { readonly hang: true }
  /** Closes the connection before anything is sent. */
  | { readonly drop: true }
  /** Sent as it is, with status 200. */
  | { readonly raw: string; readonly contentType?: string };

export interface TextAnswer {
  /** Pieces of the text, as they come over a stream. */
  readonly text: readonly string[];
  /** Sent one at a time: the next piece when this resolves, called with how many were sent. */
  readonly pace?: (sent: number) => Promise<void>;
  readonly finishReason?: "stop" | "length" | "content_filter";
  readonly usage?: OpenAiUsage;
  /** Ends the connection after the pieces, without an end of the stream. */
  readonly cut?: boolean;
}

export type OpenAiImage =
  | { readonly bytes: Uint8Array }
  /** Answered with an address instead, which is this path of the same server. */
  | { readonly url: string };

export interface OpenAiUsage {
  readonly input: number;
  readonly output: number;
}

/** A request as it came in. */
export interface OpenAiRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The JSON body, or the text fields of a form. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Files of a form. */
  readonly files: readonly { readonly field: string; readonly mediaType: string; readonly bytes: Uint8Array }[];
  /** Everything the model was told, in one text. */
  readonly told: string;
  /** Resolves when the caller has hung up before it had the answer. */
  readonly hungUp: Promise<void>;
}

export const defaultUsage: OpenAiUsage = { input: 100, output: 20 };
