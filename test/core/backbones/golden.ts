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
/** Whole counts are the trunk's, and "E" over c channels of side s: 2·c + (c·s² + 1)·512 + 2·512. */
const measured = 'the trunk: torchvision 0.14; whole: with E';
const both = 'the trunk: torchvision 0.14; whole: face.evoLVe’s code';
const excited =
  'ResNet’s or ResNeXt’s, and 2·c²/16 for every unit of c channels (Hu et al. 2018, equation 5)';
const less = 'the trunk: its authors’ published count without the classifier of 1000; whole: with E';
const unused =
  'FaceX-Zoo’s code, less the c² of a 1×1 shortcut for each unit that keeps its c channels, which it makes and never uses';
const swin =
  'the trunk: its authors’ count (28,288,354 and 49,606,258 with a classifier of 1000); whole: FaceX-Zoo’s end';
const table = 'the trunk: counted by hand in the paper’s table 1; whole: with E';
const zoo = 'FaceX-Zoo’s code; the trunk: less its end';
const light = 'the paper’s table of layers, with three colours; whole: with E, as FaceX-Zoo’s 29v2';
const paper = { stem: 'paper' } as const;

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
  'resnet-18': { whole: 15_373_376, trunk: 11_176_512, paper, from: measured },
  'resnet-34': { whole: 25_481_536, trunk: 21_284_672, paper, from: measured },
  'resnet-50': { whole: 40_290_880, trunk: 23_508_032, paper, from: both },
  'resnet-101': { whole: 59_283_008, trunk: 42_500_160, paper, from: both },
  'resnet-152': { whole: 74_926_656, trunk: 58_143_808, paper, from: both },
  'se-resnet-50': { whole: 42_805_824, trunk: 26_022_976, paper, from: excited },
  'se-resnet-101': { whole: 64_026_176, trunk: 47_243_328, paper, from: excited },
  'se-resnet-152': { whole: 81_504_832, trunk: 64_721_984, paper, from: excited },
  'resnext-50': { whole: 39_762_752, trunk: 22_979_904, paper, from: measured },
  'resnext-101': { whole: 103_525_184, trunk: 86_742_336, paper, from: measured },
  'se-resnext-50': { whole: 42_277_696, trunk: 25_494_848, paper, from: excited },
  'se-resnext-101': { whole: 63_654_720, trunk: 46_871_872, paper, from: excited },
  'resnest-50': { whole: 76_820_096, trunk: 25_434_240, paper, from: less },
  'densenet-121': { whole: 15_346_048, trunk: 6_953_856, paper, from: measured },
  'densenet-161': { whole: 44_565_888, trunk: 26_472_000, paper, from: measured },
  'densenet-169': { whole: 26_120_832, trunk: 12_484_480, paper, from: measured },
  'densenet-201': { whole: 33_826_944, trunk: 18_092_928, paper, from: measured },
  'dpn-68': { whole: 18_597_546, trunk: 11_778_602, paper, from: less },
  'dpn-92': { whole: 57_006_400, trunk: 34_979_392, paper, from: less },
  'dpn-98': { whole: 80_908_736, trunk: 58_881_728, paper, from: less },
  'dpn-131': { whole: 98_592_512, trunk: 76_565_504, paper, from: less },
  'attention-net-56': { whole: 98_964_672 - 17_825_792, from: unused },
  'attention-net-92': { whole: 134_562_496 - 32_768_000, from: unused },
  'hrnet-w18': {
    whole: 70_631_252,
    trunk: 19_250_004,
    from: 'the trunk: its authors’ 21,299,004 without the classifier of 1000; whole: FaceX-Zoo’s end, README 70.63 M',
  },
  'swin-t': { whole: 46_788_474, trunk: 27_519_354, from: swin },
  'swin-s': { whole: 68_106_378, trunk: 48_837_258, from: swin },
  'mobilenet-v1': { whole: 28_900_672, trunk: 3_206_976, paper, from: table },
  'mobilenet-v2': { whole: 34_340_608, trunk: 2_223_872, paper, from: measured },
  'mobilenet-v3-small': { whole: 15_380_384, trunk: 927_008, paper, from: measured },
  'mobilenet-v3-large': { whole: 27_059_888, trunk: 2_971_952, paper, from: measured },
  'shufflenet-v1': { whole: 24_992_664, trunk: 904_728, paper, from: table },
  'shufflenet-v2-0.5': { whole: 26_035_488, trunk: 341_792, paper, from: measured },
  'shufflenet-v2-1': { whole: 26_947_300, trunk: 1_253_604, paper, from: measured },
  'shufflenet-v2-1.5': { whole: 28_172_320, trunk: 2_478_624, paper, from: measured },
  'shufflenet-v2-2': { whole: 56_730_852, trunk: 5_344_996, paper, from: measured },
  'efficientnet-b0': { whole: 36_124_284, trunk: 4_007_548, paper, from: zoo },
  'efficientnet-b1': { whole: 38_629_920, trunk: 6_513_184, paper, from: measured },
  'efficientnet-b2': { whole: 43_029_250, trunk: 7_700_994, paper, from: measured },
  'efficientnet-b3': { whole: 49_236_008, trunk: 10_696_232, paper, from: measured },
  'efficientnet-b4': { whole: 62_511_432, trunk: 17_548_616, paper, from: measured },
  ghostnet: { whole: 26_759_364, trunk: 2_671_428, paper, from: zoo },
  'tf-nas-a': { whole: 39_590_703, trunk: 7_476_527, paper, from: zoo },
  rexnet: { whole: 15_197_128, trunk: 2_349_512, paper, from: zoo },
  'repvgg-a0': { whole: 39_944_704, trunk: 7_827_968, paper, from: zoo },
  'repvgg-b0': { whole: 46_653_696, trunk: 14_536_960, paper, from: zoo },
  'repvgg-b1': { whole: 106_751_872, trunk: 55_366_016, paper, from: zoo },
  'lightcnn-9': { whole: 4_503_904, trunk: 1_290_848, from: light },
  'lightcnn-29': { whole: 11_596_320, trunk: 8_383_264, from: light },
  'lightcnn-29v2': { whole: 11_596_320, trunk: 8_383_264, from: 'FaceX-Zoo’s code' },
};
