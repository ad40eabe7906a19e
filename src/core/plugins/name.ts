/** What a user's own file may be. */
export const pluginKinds = ['backbone', 'head', 'sampler', 'augmentation'] as const;
export type PluginKind = (typeof pluginKinds)[number];

/** How recipes name plugins: `plugin:NAME@HASH`, with the first of the file's SHA-256; it may be left out. */
export const pluginName = /^plugin:([a-z0-9][a-z0-9-]*)(?:@([0-9a-f]{12}))?$/;

/** A plugin's file: `NAME.KIND.ts` or `.js`. Name and kind are known without running anything of it. */
export const pluginFile = /^([a-z0-9][a-z0-9-]*)\.(backbone|head|sampler|augmentation)\.(ts|js)$/;

/** The whole name of a plugin's present content. */
export function pluginNameOf(name: string, sha256: string): string {
  return `plugin:${name}@${sha256.slice(0, 12)}`;
}

/** A plugin that a recipe names. */
export interface UsedPlugin {
  readonly kind: PluginKind;
  readonly name: string;
  /** The first of its file's SHA-256; undefined where the recipe leaves that open. */
  readonly hash: string | undefined;
}

/** What of a recipe may name a plugin. */
export interface NamesPlugins {
  readonly network: { readonly backbone: string };
  readonly head: { readonly kind: string };
  readonly data: {
    readonly sampler: { readonly kind: string; readonly name?: string };
    readonly augmentation: { readonly plugin: string | null };
  };
}

/** The plugins that a recipe names. */
export function usedPlugins({ network, head, data }: NamesPlugins): readonly UsedPlugin[] {
  const named: readonly (readonly [PluginKind, string | null | undefined])[] = [
    ['backbone', network.backbone],
    ['head', head.kind],
    ['sampler', data.sampler.kind === 'plugin' ? data.sampler.name : null],
    ['augmentation', data.augmentation.plugin],
  ];
  return named.flatMap(([kind, whole]) => {
    const [, name, hash] = pluginName.exec(whole ?? '') ?? [];
    return name === undefined ? [] : [{ kind, name, hash }];
  });
}
