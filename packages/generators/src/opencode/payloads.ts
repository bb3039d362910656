import { z } from "zod";

/*
 * What is read of OpenCode's answers (1.18, `GET /doc` of a server prints all of it). Keys that come or go with a version
 * do no harm as long as these are there.
 */

export const health = z.object({ healthy: z.literal(true), version: z.string() });

const modelName = z.object({ providerID: z.string(), modelID: z.string() });

export const agents = z.array(
  z.object({
    name: z.string(),
    mode: z.string(),
    hidden: z.boolean().nullish(),
    model: modelName.nullish(),
  }),
);
export type OpencodeAgent = z.infer<typeof agents>[number];

export const providers = z.object({
  providers: z.array(
    z.object({
      id: z.string(),
      models: z.record(
        z.string(),
        z.object({
          capabilities: z
            .object({ input: z.object({ image: z.boolean() }).partial() })
            .partial()
            .nullish(),
        }),
      ),
    }),
  ),
});
export type OpencodeProvider = z.infer<typeof providers>["providers"][number];

export const config = z.object({ model: z.string().nullish() });

const tokens = z.object({
  input: z.number(),
  output: z.number(),
  reasoning: z.number().default(0),
  cache: z.object({ read: z.number(), write: z.number() }).default({ read: 0, write: 0 }),
});
export type Tokens = z.infer<typeof tokens>;

export const session = z.object({
  id: z.string(),
  parentID: z.string().nullish(),
  cost: z.number().nullish(),
  tokens: tokens.nullish(),
});
export type Session = z.infer<typeof session>;
export const sessions = z.array(session);

export const statuses = z.record(
  z.string(),
  z.object({ type: z.string(), attempt: z.number().optional(), message: z.string().optional() }),
);

export const modelError = z.object({
  name: z.string(),
  data: z
    .object({
      message: z.string(),
      providerID: z.string(),
      statusCode: z.number(),
      isRetryable: z.boolean(),
    })
    .partial()
    .default({}),
});
export type ModelError = z.infer<typeof modelError>;

const part = z.object({
  id: z.string(),
  type: z.string(),
  text: z.string().optional(),
  /** Written by OpenCode, not by the model. */
  synthetic: z.boolean().nullish(),
  ignored: z.boolean().nullish(),
  tool: z.string().optional(),
  state: z.object({ status: z.string(), error: z.string().optional() }).optional(),
  /** Of a part "patch": full paths. */
  files: z.array(z.unknown()).optional(),
});
export type Part = z.infer<typeof part>;

const messageInfo = z.object({
  id: z.string(),
  role: z.string(),
  time: z.object({ created: z.number(), completed: z.number().nullish() }),
  error: modelError.nullish(),
  finish: z.string().nullish(),
  modelID: z.string().nullish(),
  providerID: z.string().nullish(),
  cost: z.number().nullish(),
  tokens: tokens.nullish(),
});

export const messages = z.array(z.object({ info: messageInfo, parts: z.array(part) }));
export type Message = z.infer<typeof messages>[number];

export const diff = z.array(
  z.object({
    file: z.string().default(""),
    patch: z.string().default(""),
    additions: z.number(),
    deletions: z.number(),
    status: z.string().default("modified"),
  }),
);
export type FileDiff = z.infer<typeof diff>[number];

export const permissionAsks = z.array(
  z.object({
    id: z.string(),
    sessionID: z.string(),
    permission: z.string(),
    patterns: z.array(z.string()).default([]),
  }),
);
export const questionAsks = z.array(
  z.object({
    id: z.string(),
    sessionID: z.string(),
    questions: z.array(z.object({ question: z.string() })).default([]),
  }),
);

/** An event of the server; those that are used are told apart in `follow-events.ts`. */
export const event = z.object({ type: z.string(), properties: z.record(z.string(), z.unknown()).default({}) });
export const partUpdated = z.object({ part: part.extend({ messageID: z.string() }) });
export const partDelta = z.object({ messageID: z.string(), partID: z.string(), field: z.string(), delta: z.string() });
export const messageUpdated = z.object({ info: z.object({ id: z.string(), role: z.string() }) });
export const sessionFailed = z.object({ error: modelError });
