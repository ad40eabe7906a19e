import { describe, expect, it } from 'vitest';
import { publishedAs, publishedBenchmarks, publishedRows } from '../../../src/core/report/published.ts';

describe('what the papers report', () => {
  it('has every value of their tables under the right benchmark', () => {
    const row = (name: string) => publishedRows.find((one) => one.name === name)?.percent;
    expect(row('IR-50, ArcFace, MS-Celeb-1M')).toEqual({
      ...{ LFW: 99.78, 'CFP-FF': 99.69, 'CFP-FP': 98.14, 'AgeDB-30': 97.53 },
      ...{ CALFW: 95.87, CPLFW: 92.45, 'VGG2-FP': 95.22 },
    });
    expect(row('ResNet152-irse, MV-Softmax')).toEqual({
      ...{ LFW: 99.85, CPLFW: 89.72, CALFW: 95.56, 'AgeDB-30': 98.13, MegaFace: 97.48 },
      ...{ 'RFW African': 95.85, 'RFW Asian': 95.43, 'RFW Caucasian': 99.08, 'RFW Indian': 96.27 },
    });
    expect(row('MobileFaceNet, shallow data, Semi-Siamese training')?.MegaFace).toBeUndefined();
    expect(row('MobileFaceNet, the last two together')).toEqual({ 'MegaFace-Mask': 79.26 });
  });

  it('has names of its own, and shares in per cent', () => {
    const names = publishedRows.map(({ paper, name }) => `${paper} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { percent } of publishedRows)
      for (const [benchmark, value] of Object.entries(percent)) {
        expect(publishedBenchmarks).toContain(benchmark);
        expect(value > 20 && value < 100).toBe(true);
      }
  });

  it('is found under the names that benchmarks go by', () => {
    expect(publishedAs('CFP_FP')).toBe('CFP-FP');
    expect(publishedAs('lfw view 2')).toBe('LFW');
    expect(publishedAs('VGGFace2-FP')).toBe('VGG2-FP');
    expect(publishedAs('constructor')).toBeNull();
    expect(publishedAs('My LFW')).toBeNull();
    for (const name of publishedBenchmarks) expect(publishedAs(name)).toBe(name);
  });
});
