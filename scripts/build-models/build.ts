import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { modelCard } from '../../src/core/contract/model-card.ts';
import { writeOnnx } from '../../src/core/onnx/write.ts';
import { type SourceFiles, sha256, sourceFiles } from './fetch.ts';
import { writeAtomically } from './files.ts';
import { type BuiltInModel, builtInModels, defaults } from './models.ts';
import type { Source } from './sources.ts';

/** A file that was written, relative to the output folder, and its SHA-256. */
export type Outputs = ReadonlyMap<string, string>;

/** Builds every model with its card and licence text, and the index, into `out`. */
export async function buildAll(out: string, cache: string, log: (line: string) => void): Promise<Outputs> {
  const outputs = new Map<string, string>();
  const write = async (name: string, content: Uint8Array | string): Promise<string> => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    await writeAtomically(path.join(out, name), bytes);
    const digest = sha256(bytes);
    outputs.set(name, digest);
    return digest;
  };
  for (const model of builtInModels) {
    const files = await sourceFiles(model.source, cache);
    const networks: { file: string; sha256: string }[] = [];
    for (const [file, make] of Object.entries(model.networks)) {
      networks.push({ file, sha256: await write(file, writeOnnx(make(files))) });
    }
    await write(`${model.id}.json`, asJson(cardOf(model, networks)));
    await write(licenceName(model.source), await licenceText(model.source, files));
    log(`built ${model.id} from ${model.source.package}@${model.source.version}`);
  }
  const models = builtInModels.map(({ id }) => id);
  await write('index.json', asJson({ format: 1, defaults, models }));
  return outputs;
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The card, checked by the schema that readers use. A model of several networks has the first one's checksum. */
function cardOf(model: BuiltInModel, networks: readonly { file: string; sha256: string }[]): unknown {
  const { source, card, id } = model;
  return modelCard.parse({
    ...card,
    id,
    sha256: networks[0]?.sha256,
    licence: source.licence,
    source: `npm:${source.package}@${source.version}`,
    ...(card.task === 'detector' ? { files: networks } : {}),
  });
}

const licenceName = (source: Source): string => `licences/${source.package.replace('/', '+')}.txt`;

/** The package's own licence text or, where it only names its licence, that fact and the standard text. */
async function licenceText(source: Source, files: SourceFiles): Promise<string> {
  const own = source.licenceFile === null ? undefined : files.get(source.licenceFile);
  if (own !== undefined) return new TextDecoder().decode(own);
  const standard = new URL(`licences/${source.licence}.txt`, import.meta.url);
  return (
    `${source.package}@${source.version} carries no licence text; its package.json states "${source.licence}".\n` +
    `The text of that licence follows.\n\n${await readFile(standard, 'utf8')}`
  );
}
