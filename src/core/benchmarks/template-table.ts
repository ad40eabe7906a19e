import type { Box, Points5 } from '../faces/types.ts';
import type { Template, TemplateGallery, TemplateImage, TemplateList, TemplatePairs } from './types.ts';

/** What a list says of a face. */
export interface FaceFacts {
  readonly score: number | null;
  readonly box: Box | null;
  readonly points: Points5 | null;
}

/** Templates and their faces while lists are read. */
export interface TemplateTable {
  readonly images: readonly TemplateImage[];
  /** The face's place; each once. */
  image(key: string, facts: FaceFacts): number;
  /** The template's place; a subject that becomes known is noted. */
  template(id: number, subject: number | null): number;
  /** Null where there is no such template yet. */
  find(id: number): number | null;
  member(image: number, template: number, media: number): void;
  sameSubject(one: number, other: number): boolean;
  list(
    pairs: TemplatePairs | null,
    galleries: readonly TemplateGallery[],
    probes: Int32Array | null,
  ): TemplateList;
}

export function templateTable(): TemplateTable {
  const images: TemplateImage[] = [];
  const imagePlaces = new Map<string, number>();
  const templates: Template[] = [];
  const templatePlaces = new Map<number, number>();
  const members: { readonly image: number; readonly template: number; readonly media: number }[] = [];
  /** A template may be listed twice, as gallery and as part of 1:1: its faces count once. */
  const seen = new Set<string>();
  return {
    images,
    image: (key, { score, box, points }) => {
      const known = imagePlaces.get(key);
      if (known !== undefined) return known;
      imagePlaces.set(key, images.length);
      return images.push({ key, person: null, group: null, detectorScore: score, box, points }) - 1;
    },
    template: (id, subject) => {
      const known = templatePlaces.get(id);
      if (known === undefined) {
        templatePlaces.set(id, templates.length);
        return templates.push({ id, subject }) - 1;
      }
      if (templates[known]?.subject === null) templates[known] = { id, subject };
      return known;
    },
    find: (id) => templatePlaces.get(id) ?? null,
    member: (image, template, media) => {
      const key = `${image} ${template} ${media}`;
      if (seen.has(key)) return;
      seen.add(key);
      members.push({ image, template, media });
    },
    sameSubject: (one, other) => {
      const subject = templates[one]?.subject ?? null;
      return subject !== null && subject === templates[other]?.subject;
    },
    list: (pairs, galleries, probes) => {
      const subjects = new Map<number, string>();
      for (const { image, template } of members) {
        const subject = templates[template]?.subject ?? null;
        if (subject !== null) subjects.set(image, String(subject));
      }
      return {
        kind: 'ijb',
        images: images.map((image, i) => ({ ...image, person: subjects.get(i) ?? null })),
        members: {
          image: Int32Array.from(members, ({ image }) => image),
          template: Int32Array.from(members, ({ template }) => template),
          media: Int32Array.from(members, ({ media }) => media),
        },
        templates,
        pairs,
        galleries,
        probes,
      };
    },
  };
}
