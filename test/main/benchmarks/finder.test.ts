import { describe, expect, it } from 'vitest';
import { pictureFinder } from '../../../src/main/benchmarks/finder.ts';

const found = (paths: readonly string[], keys: readonly string[]): readonly (string | null)[] => {
  const finder = pictureFinder(paths, keys);
  return keys.map((key) => finder.find(key));
};

describe('pictures of a list', () => {
  it('are found below other folders, flat, and with another extension', () => {
    const keys = ['Ann_Lee/Ann_Lee_0001.jpg', 'Bob/Bob_0002.jpg'];
    expect(
      found(['lfw-deepfunneled/Ann_Lee/Ann_Lee_0001.jpg', 'lfw-deepfunneled/Bob/Bob_0002.jpg'], keys),
    ).toEqual(['lfw-deepfunneled/Ann_Lee/Ann_Lee_0001.jpg', 'lfw-deepfunneled/Bob/Bob_0002.jpg']);
    expect(found(['Ann_Lee_0001.png', 'x/Bob_0002.PNG'], keys)).toEqual([
      'Ann_Lee_0001.png',
      'x/Bob_0002.PNG',
    ]);
    expect(found(['Ann_Lee_0002.png'], keys)).toEqual([null, null]);
  });

  it('are found where the list has no folders and the disk has', () => {
    expect(found(['Ann/Ann_0001.jpg', 'Bob/Bob_0001.jpg'], ['Ann_0001.jpg', 'Bob_0001.jpg'])).toEqual([
      'Ann/Ann_0001.jpg',
      'Bob/Bob_0001.jpg',
    ]);
  });

  it('whose names are numbers need their folders', () => {
    const paths = [
      'cfp/Images/001/frontal/01.jpg',
      'cfp/Images/001/profile/01.jpg',
      'cfp/Images/002/frontal/01.jpg',
    ];
    const keys = [
      'Data/Images/002/frontal/01.jpg',
      'Data/Images/001/profile/01.jpg',
      'Data/Images/003/frontal/01.jpg',
    ];
    expect(found(paths, keys)).toEqual([paths[2], paths[1], null]);
    expect(found(['01.jpg'], ['Data/Images/001/frontal/01.jpg'])).toEqual([null]);
    expect(found(['loose_crop/1.jpg', 'loose_crop/12.jpg'], ['12.jpg'])).toEqual(['loose_crop/12.jpg']);
  });

  it('that are there twice come from where most of the list is', () => {
    const paths = [
      'a/Ann/Ann_0001.jpg',
      'b/Ann/Ann_0001.jpg',
      'b/Bob/Bob_0001.jpg',
      'a/Cy/Cy_0001.jpg',
      'b/Di/Di_0001.jpg',
    ];
    const keys = ['Ann/Ann_0001.jpg', 'Bob/Bob_0001.jpg', 'Cy/Cy_0001.jpg', 'Di/Di_0001.jpg'];
    expect(found(paths, keys)).toEqual([paths[1], paths[2], paths[3], paths[4]]);
  });

  it('with the same names in other letters are the same', () => {
    expect(found(['André/André_0001.JPG'.normalize('NFD')], ['André/André_0001.jpg'])).toEqual([
      'André/André_0001.JPG'.normalize('NFD'),
    ]);
  });
});
