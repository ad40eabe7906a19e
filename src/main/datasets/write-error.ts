import { error, LineamentError } from '../../core/base/errors.ts';

/** The catalogue's error for a failed write to a data file; what is not the file system's stays as it is. */
export function writeError(file: string, thrown: unknown): unknown {
  if (thrown instanceof LineamentError || !(thrown instanceof Error) || !('code' in thrown)) return thrown;
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EDQUOT: 'the disk quota is used up',
    ENOSPC: 'the disk is full',
    EROFS: 'the disk is read-only',
  };
  const code = String(thrown.code);
  return error('pack/write-failed', { file, reason: reasons[code] ?? code }, thrown);
}
