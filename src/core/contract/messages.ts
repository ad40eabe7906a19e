import { z } from 'zod';
import { type ErrorInfo, error } from '../base/errors.ts';

/** Longest message that is accepted, in UTF-16 code units. */
export const messageLimit = 32 * 1024 * 1024;

const callId = z.int().nonnegative();
const errorInfo: z.ZodType<ErrorInfo> = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** From a client. */
export const request = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id: callId, method: z.string(), input: z.unknown().optional() }),
  z.object({ type: z.literal('cancel'), id: callId }),
]);

/** From the application. */
export const reply = z.discriminatedUnion('type', [
  // JSON leaves out what is undefined: the result of a method that answers nothing.
  z.object({ type: z.literal('result'), id: callId, result: z.unknown().optional() }),
  z.object({ type: z.literal('error'), id: callId, error: errorInfo }),
  z.object({ type: z.literal('cancelled'), id: callId }),
  z.object({
    type: z.literal('progress'),
    id: callId,
    progress: z.object({ done: z.number(), total: z.number().nullable(), detail: z.string() }),
  }),
  z.object({ type: z.literal('event'), event: z.string(), payload: z.unknown() }),
  /** The other side could not be understood. */
  z.object({ type: z.literal('refused'), error: errorInfo }),
]);

export type Request = z.infer<typeof request>;
export type Reply = z.infer<typeof reply>;

/** Throws `rpc/too-large` or `rpc/malformed`. */
export function parseMessage<T>(schema: z.ZodType<T>, text: string): T {
  if (text.length > messageLimit) throw error('rpc/too-large', { bytes: text.length, limit: messageLimit });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw error('rpc/malformed', { detail: 'not JSON' });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw error('rpc/malformed', { detail: issuesOf(parsed.error) });
  return parsed.data;
}

const mostIssues = 5;

/** What is wrong, in a few lines: a list of 100,000 bad numbers must not become as many lines. */
export function issuesOf(found: z.ZodError): string {
  const issues = found.issues.slice(0, mostIssues);
  const more = found.issues.length - issues.length;
  const text = z.prettifyError({ issues }).slice(0, 2000);
  return more > 0 ? `${text}\n… and ${more} more` : text;
}
