import { z } from 'zod';

/**
 * Between Electron's main process and the process of the application. Pages talk to the application over ports of their
 * own; what is here are those ports, requests for `/media/` and the end.
 */

const id = z.int().nonnegative();
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const headers = z.record(z.string(), z.string());

export const toApp = z.discriminatedUnion('type', [
  /** A page's port comes with the message. */
  z.object({ type: z.literal('port') }),
  z.object({
    type: z.literal('media'),
    id,
    method: z.enum(['GET', 'POST']),
    path: z.string(),
    headers,
    /** Whether chunks follow, one for each `pull`. */
    hasBody: z.boolean(),
  }),
  z.object({ type: z.literal('chunk'), id, bytes }),
  z.object({ type: z.literal('end'), id }),
  /** The upload broke off. */
  z.object({ type: z.literal('broken'), id }),
  z.object({ type: z.literal('close') }),
]);

const errorInfo = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const fromApp = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** The application could not be opened. */
  z.object({ type: z.literal('failed'), error: errorInfo }),
  /** Send the next chunk of the upload. */
  z.object({ type: z.literal('pull'), id }),
  z.object({ type: z.literal('answer'), id, status: z.int().min(200).max(599), headers, body: bytes }),
  z.object({ type: z.literal('media-failed'), id, error: errorInfo }),
  z.object({ type: z.literal('closed') }),
]);

export type ToApp = z.infer<typeof toApp>;
export type FromApp = z.infer<typeof fromApp>;
