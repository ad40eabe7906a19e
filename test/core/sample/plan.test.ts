import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { person } from '../../../src/core/people/person.ts';
import { drawName } from '../../../src/core/sample/names.ts';
import { examFolder, photographsFolder, planSample, trainingFolder } from '../../../src/core/sample/plan.ts';
import type { PlannedPicture, SampleSettings } from '../../../src/core/sample/types.ts';

const settings: SampleSettings = {
  seed: 7,
  identities: 8,
  picturesEach: 6,
  groups: 5,
  defects: { wrongLabels: 4, twins: 2, duplicates: 5, broken: 3, masks: 6 },
  training: { identities: 3, exam: 2, cropsEach: 4 },
};
const plan = planSample(settings);
const pictures = plan.parts.flat();
const portraits = pictures.filter(({ kind }) => kind === 'portrait');
const nameOf = new Map(plan.people.map(({ identity, names }) => [identity, names] as const));
const namesOf = (picture: PlannedPicture): readonly string[] =>
  nameOf.get(picture.faces[0]?.identity ?? -1) ?? [];
const having = (kind: string): PlannedPicture[] => pictures.filter(({ defect }) => defect?.kind === kind);

describe('planSample', () => {
  it('gives the same plan for the same settings, and another one for another seed', () => {
    expect(planSample(settings)).toEqual(plan);
    const other = planSample({ ...settings, seed: 8 });
    const identities = new Set(plan.people.map(({ identity }) => identity));
    expect(other.people.some(({ identity }) => identities.has(identity))).toBe(false);
  });

  it('has as many people and pictures as asked, each with a path of its own', () => {
    expect(plan.people.map(({ role }) => role)).toEqual([
      ...Array.from({ length: 8 }, () => 'photographed'),
      ...Array.from({ length: 3 }, () => 'training'),
      ...Array.from({ length: 2 }, () => 'exam'),
    ]);
    expect(portraits).toHaveLength(8 * 6 + 5);
    expect(pictures.filter(({ kind }) => kind === 'group')).toHaveLength(5);
    const crops = pictures.filter(({ kind }) => kind === 'crop');
    const under = (folder: string) => crops.filter(({ path }) => path.startsWith(`${folder}/`));
    expect([under(trainingFolder).length, under(examFolder).length, crops.length]).toEqual([12, 8, 20]);
    expect(new Set(pictures.map(({ path }) => path)).size).toBe(pictures.length);
    for (const { path, label } of pictures) if (label) expect(path.split('/').at(-2)).toBe(label);
  });

  it('shows everybody in photographs, in training crops or in those of the exam only, under a name of their own', () => {
    const roles = new Map(plan.people.map(({ identity, role }) => [identity, role]));
    const folders = { photographed: photographsFolder, training: trainingFolder, exam: examFolder };
    expect(roles.size).toBe(13);
    for (const { path, faces } of pictures)
      for (const { identity } of faces)
        expect(path.split('/')[0]).toBe(folders[roles.get(identity) ?? 'photographed']);
    const names = plan.people.flatMap((who) => who.names);
    expect(new Set(names).size).toBe(names.length);
  });

  it('puts wrong labels, and only those, into folders of others', () => {
    const wrong = having('wrong-label');
    expect(wrong).toHaveLength(4);
    for (const picture of portraits) {
      expect(namesOf(picture).includes(picture.label ?? '')).toBe(!wrong.includes(picture));
      if (picture.defect?.kind === 'wrong-label') expect(namesOf(picture)).toContain(picture.defect.name);
    }
    const labels = new Set(plan.people.flatMap(({ names }) => names));
    for (const { label } of wrong) expect(labels.has(label ?? '')).toBe(true);
  });

  it('gives twins two folders with pictures of one identity', () => {
    const twins = plan.people.filter(({ names }) => names.length === 2);
    expect(twins).toHaveLength(2);
    for (const { identity, names } of twins)
      for (const name of names)
        expect(portraits.some(({ label, faces }) => label === name && faces[0]?.identity === identity)).toBe(
          true,
        );
  });

  it('copies portraits, half of them byte for byte', () => {
    const copies = having('duplicate');
    expect(copies).toHaveLength(5);
    for (const copy of copies) {
      if (copy.defect?.kind !== 'duplicate') continue;
      const { of, exact } = copy.defect;
      const original = pictures.find(({ path }) => path === of);
      expect(original?.faces).toEqual(copy.faces);
      expect(original?.defect).toBeNull();
      expect(original?.quality === copy.quality).toBe(exact);
    }
    expect(copies.filter(({ defect }) => defect?.kind === 'duplicate' && defect.exact)).toHaveLength(3);
  });

  it('cuts files off, and masks people', () => {
    const broken = having('broken');
    expect(broken).toHaveLength(3);
    for (const { defect } of broken)
      if (defect?.kind === 'broken') {
        expect(defect.kept).toBeGreaterThan(0.1);
        expect(defect.kept).toBeLessThan(0.8);
      }
    expect(portraits.filter(({ faces }) => faces[0]?.masked)).toHaveLength(6);
  });

  it('shows two to five people in a group, nobody twice', () => {
    for (const { faces } of pictures.filter(({ kind }) => kind === 'group')) {
      expect(faces.length).toBeGreaterThanOrEqual(2);
      expect(faces.length).toBeLessThanOrEqual(5);
      expect(new Set(faces.map(({ identity }) => identity)).size).toBe(faces.length);
    }
  });

  it('has parts that need nobody twice', () => {
    const single = plan.parts.filter((part) => part[0]?.kind !== 'group');
    const owners = single.map((part) => new Set(part.map(({ faces }) => faces[0]?.identity)));
    for (const owner of owners) expect(owner.size).toBe(1);
    expect(new Set(owners.flatMap((owner) => [...owner])).size).toBe(owners.length);
  });
});

describe('drawName', () => {
  it('is seeded, gives nobody’s name twice, and never runs out', () => {
    const draw = (seed: number, count: number): string[] => {
      const random = seededRandom(seed);
      const taken = new Set<string>();
      return Array.from({ length: count }, (_, i) => drawName(random, i % 2, taken));
    };
    expect(draw(3, 50)).toEqual(draw(3, 50));
    expect(draw(3, 50)).not.toEqual(draw(4, 50));
    const many = draw(5, 30_000);
    expect(new Set(many).size).toBe(many.length);
  });

  it('gives names that are good file names everywhere', () => {
    const random = seededRandom(1);
    const taken = new Set<string>();
    for (let i = 0; i < 2000; i++) {
      const name = drawName(random, person(i).masculinity, taken);
      expect(name).toMatch(/^[A-Z][A-Za-z-]+ [A-Z][A-Za-z-]+$/);
    }
  });
});
