/** How many numbers each backbone learns at 112 px and 512 dimensions, with its default settings. */
export interface Golden {
  /** Normalisation's and activations' parameters included, running statistics not. */
  readonly whole: number;
  /** Of the map alone, with the settings of `paper` over the defaults. */
  readonly trunk?: number;
  /** Settings that make the trunk the paper's own. */
  readonly paper?: { readonly stem: 'paper' };
  /** Where the numbers come from. */
  readonly from: string;
}

const code = 'the papers’ own code';
const added = 'IR’s, and 2·c²/16 for every unit of c channels';

export const golden: Readonly<Record<string, Golden>> = {
  mobilefacenet: { whole: 1_200_512, from: code },
  'ir-18': { whole: 24_017_536, from: code },
  'ir-34': { whole: 34_127_552, from: code },
  'ir-50': { whole: 43_574_976, from: code },
  'ir-101': { whole: 65_129_792, from: code },
  'ir-152': { whole: 70_737_600, from: code },
  'ir-se-18': { whole: 24_104_576, from: added },
  'ir-se-34': { whole: 34_284_736, from: added },
  'ir-se-50': { whole: 43_797_696, from: code },
  'ir-se-101': { whole: 65_502_016, from: code },
  'ir-se-152': { whole: 71_148_736, from: code },
};
