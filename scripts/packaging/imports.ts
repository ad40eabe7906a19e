import { existsSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { installedPackage } from './packages.ts';

/** Name of the package that a bare specifier means. */
function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return specifier.startsWith('@') ? `${scope}/${name}` : scope;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Packages that `folder`'s package needs and that are not there, all the way down. */
function missingPackages(root: string, folder: string, seen: Set<string>, problems: string[]): void {
  if (seen.has(folder)) return;
  seen.add(folder);
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(text) as Manifest;
  for (const name of Object.keys(dependencies)) {
    if (name in optionalDependencies) continue;
    const found = installedPackage(root, folder, name);
    if (found !== null) missingPackages(root, found, seen, problems);
    else problems.push(`${relative(root, folder)} needs the package ${name}, which is missing`);
  }
}

/**
 * Follows every import from the entries: what is ours file by file, packages by what their manifests need.
 * `provided` are packages that the runtime brings; `optional` may be missing.
 */
export function unresolvedImports(
  root: string,
  entries: readonly string[],
  { provided, optional }: { readonly provided: readonly string[]; readonly optional: readonly string[] },
): string[] {
  const problems: string[] = [];
  const packages = new Set<string>();
  const waiting = entries.map((entry) => join(root, entry));
  const seen = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const name = relative(root, file);
    if (!existsSync(file)) {
      problems.push(`${name} is imported and missing`);
      continue;
    }
    for (const { fileName: specifier } of ts.preProcessFile(readFileSync(file, 'utf8'), true, true)
      .importedFiles) {
      if (isBuiltin(specifier) || provided.includes(specifier)) continue;
      if (specifier.startsWith('.')) waiting.push(resolve(dirname(file), specifier));
      else {
        const wanted = packageOf(specifier);
        const folder = installedPackage(root, dirname(file), wanted);
        if (folder !== null) missingPackages(root, folder, packages, problems);
        if (folder === null && optional.includes(wanted)) continue;
        try {
          createRequire(file).resolve(specifier);
        } catch {
          problems.push(`${name} imports ${specifier}, which does not resolve`);
        }
      }
    }
  }
  return problems;
}
