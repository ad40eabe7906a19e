import { error } from '../../core/base/errors.ts';
import { uploadPath } from '../../core/contract/media.ts';

export interface NamedFile {
  readonly file: File;
  /** Path below what was dropped, with `/`. */
  readonly name: string;
}

/** Sends one file; returns the id by which imports and searches name it. Throws `ui/upload-failed`. */
export async function upload({ file, name }: NamedFile, signal: AbortSignal): Promise<string> {
  const answer = await fetch(uploadPath, {
    method: 'POST',
    headers: { 'x-lineament-name': encodeURIComponent(name), 'content-type': 'application/octet-stream' },
    body: file,
    signal,
  }).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw error('ui/upload-failed', { file: name, detail: 'the application did not answer' }, cause);
  });
  if (!answer.ok) {
    throw error('ui/upload-failed', { file: name, detail: `the application answered ${answer.status}` });
  }
  const body: unknown = await answer.json();
  if (typeof body === 'object' && body !== null && 'upload' in body && typeof body.upload === 'string') {
    return body.upload;
  }
  throw error('ui/upload-failed', { file: name, detail: 'the answer was not understood' });
}

/** Sends many, four at a time, and keeps their order. */
export async function uploadAll(
  files: readonly NamedFile[],
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<string[]> {
  const ids: string[] = new Array(files.length);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < files.length) {
      const index = next++;
      const file = files[index];
      if (file === undefined) return;
      ids[index] = await upload(file, signal);
      onProgress(++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, files.length) }, work));
  return ids;
}
