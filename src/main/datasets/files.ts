import { sniff } from '../images/sniff.ts';

/** Extensions of pictures; a file that has one is a photograph or a problem, never passed over in silence. */
const pictures = new Set(
  'jpg jpeg jpe jfif png apng webp gif tif tiff avif bmp dib pbm pgm ppm pnm heic heif jxl jp2 j2k svg'.split(
    ' ',
  ),
);

/** Extensions of what lies beside photographs in datasets; such files are not looked into. */
const others = new Set(
  (
    'txt csv tsv md rst log json jsonl xml yml yaml toml ini html htm pdf doc docx xls xlsx mat npy npz pkl bin rec ' +
    'idx lst h5 hdf5 db sqlite pt pth onnx py m sh bat zip tar gz tgz bz2 xz 7z rar zst mp4 mov avi mkv webm mp3 ' +
    'wav pts ply obj fea nfo url lnk exe dll sha256 md5 sfv par2'
  ).split(' '),
);

const extension = (name: string): string => /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** What the name says: a picture, something else, or nothing (then the content decides). */
export function byName(name: string): 'picture' | 'other' | 'unsure' {
  const ending = extension(name);
  if (pictures.has(ending)) return 'picture';
  return others.has(ending) ? 'other' : 'unsure';
}

/** What the first bytes of a file say whose name says nothing. */
export const isPictureHead = (head: Uint8Array): boolean => sniff(head).kind === 'image';

/** What systems leave behind, and what users hide: passed over without a word. */
export function isJunk(name: string): boolean {
  return name.startsWith('.') || junk.has(name.toLowerCase());
}

const junk = new Set(['__macosx', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', '@eadir', '$recycle.bin']);
