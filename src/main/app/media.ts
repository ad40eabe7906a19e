/** A request for `/media/...` as every host passes it on, and its answer. */

export interface MediaRequest {
  readonly method: 'GET' | 'POST';
  /** With the query; starts with `/media/`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array> | null;
}

export interface MediaResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
