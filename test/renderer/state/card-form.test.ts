import { describe, expect, it } from 'vitest';
import { cardFields, readField, writeField } from '../../../src/renderer/state/card-form.ts';
import { detector, seededModels } from '../../support/fake-app/models.ts';

function field(title: string): Parameters<typeof readField>[1] {
  const found = cardFields(detector).find((one) => one.title.startsWith(title));
  if (found === undefined) throw new Error(`no field ${title}`);
  return found;
}

describe('the form of a model card', () => {
  it('reads and writes fields inside the card', () => {
    const card = writeField(detector, field('Mean'), '104, 117;123');
    expect(card.input.mean).toEqual([104, 117, 123]);
    expect(readField(card, field('Mean'))).toBe('104, 117, 123');
    expect(writeField(card, field('Colour'), 'bgr').input.colour).toBe('bgr');
    expect(detector.input.mean).toEqual([127.5]);
  });

  it('keeps what it had where the text is no valid value', () => {
    expect(writeField(detector, field('Mean'), 'about a hundred')).toEqual(detector);
    expect(writeField(detector, field('Least score'), '7')).toEqual(detector);
    expect(writeField(detector, field('Id'), 'Not An Id')).toEqual(detector);
  });

  it('round-trips every field of every task', () => {
    for (const { card } of seededModels()) {
      for (const one of cardFields(card)) expect(writeField(card, one, readField(card, one))).toEqual(card);
    }
  });
});
