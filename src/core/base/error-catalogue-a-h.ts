import type { ErrorEntry } from './error-entry.ts';

/** The first letter of these codes is from A to H. Add entries in alphabetical order. */
export const errorsAToH = {
  'app/internal': {
    message: 'Something went wrong inside Lineament: {detail}',
    hint: 'This is a defect. What Lineament wrote to the terminal says more; report it with that.',
  },
  'app/node-too-old': {
    message: 'Lineament needs Node 22.14 or newer; this is Node {version}.',
    hint: 'Start it with `npm start`, which brings its own Node, or install a newer one.',
  },
  'archive/bomb': {
    message:
      'The archive {path} unpacks to more than {limit} bytes, far more than photographs would; reading stopped at {member}.',
    hint: 'If the archive is what it should be, unpack it yourself and import the folder.',
  },
  'archive/damaged': {
    message: 'The archive {path} is damaged or cut off: {detail}',
    hint: 'Fetch it again. An import of photographs keeps those before the damage.',
  },
  'archive/encrypted-member': {
    message: 'The archive’s {path} is encrypted.',
    hint: 'Unpack the archive with its password and import the folder.',
  },
  'archive/link-member': {
    message: 'The archive’s {path} is a link to {target}; links in archives are not followed.',
    hint: 'If the linked photograph is in the archive, it is imported under its own name.',
  },
  'archive/member-damaged': {
    message: 'The archive’s {path} is damaged: {detail}',
    hint: 'Fetch the archive again.',
  },
  'archive/member-too-large': {
    message: 'The archive’s {path} has {bytes} bytes; the limit is {limit}.',
    hint: 'Unpack the archive yourself and import the folder.',
  },
  'archive/unsafe-name': {
    message: 'The archive holds {path}, a name that leads out of it.',
    hint: 'Somebody may have made the archive to overwrite files. Nothing was written; take it from a source you trust.',
  },
  'benchmark/ambiguous': {
    message: 'The hash {benchmark} fits several benchmarks. {known}',
    hint: 'Write more of the hash, or the name.',
  },
  'benchmark/bad-bytes': {
    message: '{file} is damaged at byte {offset}: {detail}.',
    hint: 'Fetch or write the file again. If other programs read it, tell Lineament’s authors what wrote it.',
  },
  'benchmark/bad-line': {
    message: 'Line {line} of {file}: {detail}.',
    hint: 'Correct the line, or fetch the list anew from whoever published it.',
  },
  'benchmark/erased': {
    message: 'This picture was erased with the dataset that it came from.',
    hint: 'Build the benchmark anew, or leave its pairs out.',
  },
  'benchmark/exists': {
    message: 'There is already a benchmark called {name}.',
    hint: 'Choose another name, or remove the other one.',
  },
  'benchmark/in-training': {
    message: 'The run {run} is verified on the benchmark {name}.',
    hint: 'Wait until it has ended, or stop it.',
  },
  'benchmark/incomplete': {
    message: 'The benchmark {path} is not whole: {missing}.',
    hint: 'Put what is missing where the message says, and choose the folder again.',
  },
  'benchmark/no-crops': {
    message: 'No picture of the benchmark {name} has a face.',
    hint: 'Look at its pictures’ problems; import it again with the other kind of pictures.',
  },
  'benchmark/no-face': {
    message: 'No face was found in {key}.',
    hint: 'Its pairs are left out. If the pictures are aligned crops, import the benchmark as such.',
  },
  'benchmark/no-original': {
    message: 'The original of {key} was not kept.',
    hint: 'Its crop is the picture itself, or the benchmark was removed since.',
  },
  'benchmark/no-pair': {
    message: 'The benchmark {name} has no pair {pair}; it has {pairs}.',
    hint: 'Pairs are counted from 0.',
  },
  'benchmark/no-picture': {
    message: 'The benchmark {path} has no picture {key}.',
    hint: 'Look whether the folder of pictures is the one that belongs to the list.',
  },
  'benchmark/not-pairs': {
    message: 'The benchmark {name} has no pairs of pictures to verify on.',
    hint: 'Choose one of pairs; probes and templates are measured under Evaluate.',
  },
  'benchmark/not-ready': {
    message: 'The benchmark {name} is not read to its end.',
    hint: 'Wait for its job, or let it continue.',
  },
  'benchmark/not-written': {
    message: 'A benchmark of this kind can’t be written as {format}: {name}.',
    hint: 'Pairs can be written; probes and templates can’t.',
  },
  'benchmark/too-few-people': {
    message:
      '{folds} folds that share no person need twice as many people, and {folds} with two pictures or more; there are {people}, of whom {several} have as many.',
    hint: 'Ask for fewer folds, or choose a version with more people.',
  },
  'benchmark/too-large': {
    message: '{file} has {what} (byte {offset}); the limit is {limit}.',
    hint: 'Look whether the file is what it should be; a benchmark needs far less.',
  },
  'benchmark/too-many-files': {
    message: '{path} holds more than {limit} files.',
    hint: 'Choose the folder of the benchmark itself; none has as many.',
  },
  'benchmark/too-many-pairs': {
    message: '{pairs} pairs in {folds} folds can’t be drawn; at most {most} can.',
    hint: 'Ask for that many, for fewer folds, or choose a version with more pictures.',
  },
  'benchmark/unknown': {
    message: 'There is no benchmark {benchmark}. {known}',
    hint: '`lineament benchmark list` shows those that there are.',
  },
  'benchmark/unknown-reading': {
    message: '{path} cannot be read as {reading}.',
    hint: 'Choose one of the readings that are offered for it.',
  },
  'benchmark/unrecognised': {
    message: '{path} is no benchmark that Lineament knows.',
    hint: 'Choose a list of pairs, InsightFace’s .bin, or the folder that holds lists and pictures; docs/benchmarks.md names the formats.',
  },
  'benchmark/unsupported': {
    message: '{file} has {what} at byte {offset}, which is not read.',
    hint: 'Convert it: MATLAB’s save with -v7, bcolz with lz4 or blosclz, NumPy’s save of float32 or uint8.',
  },
  'cleaning/no-change': {
    message: 'No change {change} is in the report of the version {name}, which has {known}.',
    hint: 'List them with `lineament version changes`, and name them by their numbers.',
  },
  'cleaning/no-report': {
    message: 'The version {name} was not made by changing names.',
    hint: 'Choose one that was; `lineament version list` says which.',
  },
  'cleaning/nothing-left': {
    message: 'Nothing would be left of the version {name}.',
    hint: 'Choose limits that leave fewer pictures out.',
  },
  'cleaning/unchanged': {
    message: 'Nothing in the version {name} would be changed.',
    hint: 'Choose other limits, refuse fewer changes, or keep the version as it is.',
  },
  'cleaning/unknown': {
    message: 'There is no comparison {cleaning} of names.',
    hint: 'Look at the version again: a newer one has taken its place.',
  },
  'cluster/unknown': {
    message: 'There is no cluster {cluster}.',
    hint: 'Cluster again.',
  },
  'dataset/exists': {
    message: 'There is a dataset named {name} already.',
    hint: 'Choose another name, or remove the other first.',
  },
  'dataset/in-training': {
    message: 'The dataset {name} is used by a training that is under way: {run}.',
    hint: 'Pause or stop that run first. A paused run can’t go on once its pictures are erased.',
  },
  'dataset/not-removed': {
    message: 'The dataset {name} is in use.',
    hint: 'Remove it first; erasing is for removed datasets.',
  },
  'dataset/unknown': {
    message: 'There is no dataset {dataset}.',
    hint: 'List the datasets to see what there is.',
  },
  'engine/model-damaged': {
    message: '{path} cannot be loaded as a network: {detail}',
    hint: 'Get the file again; if it is a built-in model, run `npm run models`.',
  },
  'engine/model-missing': {
    message: 'The network {path} is not there.',
    hint: 'If it is a built-in model, run `npm run models`; otherwise import it again.',
  },
  'engine/no-half-precision': {
    message: 'The recipe asks for mixed precision, which {device} does not gain from: {detail}',
    hint: 'Set precision to float32, or choose a device with half precision. The wizard and `lineament doctor --devices` say which has it.',
  },
  'engine/provider-unavailable': {
    message: '{provider} cannot be used on this machine: {detail}',
    hint: 'Choose another device in Settings; `cpu` always works. `lineament doctor` says what each one needs.',
  },
  'engine/run-failed': {
    message: 'The network {path} failed while it ran: {detail}',
    hint: 'Try it on the processor (`cpu`). If it fails there too, the model does not fit its card.',
  },
  'engine/tfjs-unavailable': {
    message: 'TensorFlow cannot be used on this machine: {detail}',
    hint: 'Choose the engine onnxruntime, which needs nothing else. `lineament doctor` says how to switch TensorFlow on.',
  },
  'engine/unknown-provider': {
    message: 'There is no device called {provider}; there are {known}.',
    hint: 'Choose one of these.',
  },
  'engine/wrong-input': {
    message: 'The input {name} of {path} wants {wanted}, but got {got}.',
    hint: 'Correct the size or the layout in the card of the model.',
  },
  'evaluation/no-crops': {
    message: 'The benchmark {name} has no pictures with crops that could be compared.',
    hint: 'Look at its pictures and their problems; import it again with the other way of alignment.',
  },
  'evaluation/no-models': {
    message: 'There is no ONNX file in {path}.',
    hint: 'Choose a folder of .onnx files with their cards (.json) beside them, or one such file.',
  },
  'evaluation/no-pairs': {
    message: 'The measurement on {name} has no pairs of pictures to look at.',
    hint: 'Pairs can be looked at where a benchmark is a list of pairs, and as long as it is there.',
  },
  'evaluation/no-threshold': {
    message: 'A false accept rate of {far} can’t be told from {pairs} pairs of two people.',
    hint: 'Choose a rate of at least one pair, or a threshold.',
  },
  'evaluation/nothing-to-measure': {
    message: 'No model was chosen to measure.',
    hint: 'Choose a model, a run, an ONNX file or a folder of them.',
  },
  'evaluation/one-kind': {
    message: 'Of the pairs that count, {same} show one person and {others} show two.',
    hint: 'A benchmark needs pairs of both kinds. Look at which pairs are marked or have no crop.',
  },
  'evaluation/too-few-pairs': {
    message: 'From {pairs} pairs no accuracy by folds can be told.',
    hint: 'Take a benchmark with at least two pairs of each kind in several folds.',
  },
  'evaluation/unknown': {
    message: 'There is no measurement {evaluation}.',
    hint: 'It may have been removed. Look at the list of results again.',
  },
  'face/degenerate-points': {
    message: 'The five points lie in one place or on one line; no crop can be cut from them.',
    hint: 'Put them on the eyes, the tip of the nose and the corners of the mouth.',
  },
  'face/no-face-in-picture': {
    message: 'No face was found in {path}.',
    hint: 'Choose a picture that shows a face from the front, larger than 20 pixels.',
  },
  'face/not-embedded': {
    message: 'The face {face} has no embedding of {model}.',
    hint: 'Run embed for its dataset first.',
  },
  'face/unknown': {
    message: 'There is no face {face}.',
    hint: 'It may have been replaced by a new alignment.',
  },
  'file/cannot-read': {
    message: '{path} cannot be read: {detail}',
    hint: 'Check that it exists and that you may read it.',
  },
  'file/cannot-write': {
    message: '{path} cannot be written: {detail}',
    hint: 'Choose another place.',
  },
  'graph/inputs': {
    message:
      'The network takes {inputs}, and it should take pictures [batch, channels, height, width] alone.',
    hint: 'Export it again with one input of pictures; everything else must be part of it.',
  },
  'graph/no-embedding': {
    message: 'The network’s output {output} is [{shape}], and it should be one row a picture.',
    hint: 'Export it again so that its first output is the embedding, [batch, length].',
  },
  'graph/nothing-to-learn': {
    message: '{title} has no weights that training could change.',
    hint: 'Weights must be in the file as floating-point numbers; quantised networks cannot be trained.',
  },
  'graph/refused-node': {
    message: '{op} ({node}) cannot be trained: {why}.',
    hint: 'Export the network with simpler operators, such as of another opset, or train a backbone of Lineament’s own.',
  },
  'graph/unknown-operators': {
    message: 'The network has operators that Lineament cannot train: {operators}.',
    hint: 'Export it for inference, in floating point and without control flow; or train a backbone of Lineament’s own.',
  },
  'host/app-stopped': {
    message: 'The part of Lineament that does the work stopped: {detail}',
    hint: 'Start Lineament again; finished work is kept. What it wrote to the terminal says more.',
  },
  'host/bad-request': {
    message: 'The request cannot be answered: {detail}',
    hint: 'Reload the page; if it happens again, the two sides are of different versions.',
  },
  'host/bad-token': {
    message: 'A token has 32 to 256 letters, digits, hyphens or underscores; the given one does not.',
    hint: 'Leave it out, and a random one is made.',
  },
  'host/foreign-request': {
    message: 'The request was refused because it did not come from a page of this Lineament.',
    hint: 'Open the address that Lineament printed, with the same port, and no other name for this machine.',
  },
  'host/no-interface': {
    message: 'The interface is not built: there is no index.html in {folder}.',
    hint: 'Run `npm run build`, or start with `npm start`, which builds it.',
  },
  'host/not-found': {
    message: 'There is nothing at {path}.',
    hint: 'Open the address that Lineament printed.',
  },
  'host/port-taken': {
    message: 'Port {port} of 127.0.0.1 cannot be used: {detail}',
    hint: 'Another program has it, or it needs rights that you lack. Choose another with --port, or leave --port out.',
  },
  'host/unauthorised': {
    message: 'This address needs the token that belongs to it.',
    hint: 'Open the whole address that Lineament printed when it started, with its #token=… at the end.',
  },
  'host/upload-too-large': {
    message: 'The file is larger than the {limit} bytes that may be sent at once.',
    hint: 'Send a smaller picture, or import the file from disk.',
  },
  'host/wrong-method': {
    message: 'The method {method} does not work for {path}.',
    hint: 'Reload the page; if it happens again, the two sides are of different versions.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
