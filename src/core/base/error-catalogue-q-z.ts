import type { ErrorEntry } from './error-entry.ts';

/** The first letter of these codes is from Q to Z. Add entries in alphabetical order. */
export const errorsQToZ = {
  'recipe/invalid': {
    message: 'This recipe cannot be trained: {problems}.',
    hint: 'Change what is named. `lineament train --help` and the wizard explain every setting.',
  },
  'recipe/not-json': {
    message: '{path} is no recipe: {detail}',
    hint: 'A recipe is one JSON document. `lineament train --check FILE` says what is wrong with it.',
  },
  'recipe/too-few-identities': {
    message: 'A batch takes {wanted} different identities, and there are {identities} to train on.',
    hint: 'Lower the identities a batch of the sampler, or train on more people.',
  },
  'recipe/too-few-images': {
    message: '{images} pictures to train on do not make one step, which takes {wanted}.',
    hint: 'Choose a smaller batch or less accumulation, or train on more pictures.',
  },
  'recipe/unknown-template': {
    message: 'There is no template {template}; there are {known}.',
    hint: 'Choose one of these.',
  },
  'rpc/bad-input': {
    message: 'The input of {method} is not valid: {detail}',
    hint: 'Correct the named field and try again.',
  },
  'rpc/closed': {
    message: 'The connection to the application was closed.',
    hint: 'Start Lineament again, or reload the page.',
  },
  'rpc/malformed': {
    message: 'A message could not be understood: {detail}',
    hint: 'Reload the page; if it happens again, the two sides are of different versions.',
  },
  'rpc/too-large': {
    message: 'A message of {bytes} bytes is larger than the {limit} bytes that are allowed.',
    hint: 'Send less at once.',
  },
  'rpc/unknown-method': {
    message: 'There is no method {method}.',
    hint: 'Reload the page; if it happens again, the two sides are of different versions.',
  },
  'run/benchmark-gone': {
    message: 'The run {name} is verified on a benchmark that was removed or is another one since: {hash}.',
    hint: 'Import the same benchmark again and continue, or fork the run with a recipe without it: figures with and without it can’t be compared.',
  },
  'run/ended': {
    message: 'The run {name} has ended ({reason}).',
    hint: 'Fork it: a new run that begins with its last checkpoint.',
  },
  'run/exists': {
    message: 'There is a run named {name} already.',
    hint: 'Choose another name.',
  },
  'run/no-batch': {
    message: 'The run {name} has no step {step}: its steps are numbered from 1 to {steps}.',
    hint: 'Choose one of these.',
  },
  'run/no-checkpoint': {
    message: 'The run {name} has no checkpoint {checkpoint}. {known}',
    hint: 'Choose one of these; a run that has just begun has none yet.',
  },
  'run/paused': {
    message:
      'The run {name} is paused at step {step} of {steps}. `lineament train --resume {run}` goes on with it.',
    hint: 'It goes on with the same numbers as if nothing had happened.',
  },
  'run/under-way': {
    message: 'The run {name} is under way.',
    hint: 'Pause or stop it first.',
  },
  'run/unknown': {
    message: 'There is no run {run}. {known}',
    hint: 'Choose a run by its name or number.',
  },
  'store/damaged': {
    message: 'The database {path} is damaged: {detail}',
    hint: 'Nothing was changed. Put a backup of the data folder in its place, or move the folder away and import again; your photographs are untouched.',
  },
  'store/disk-full': {
    message: 'There is no room left for the database {path}.',
    hint: 'Free some space on that disk and continue.',
  },
  'store/foreign': {
    message: '{path} is a database of another program.',
    hint: 'Choose another data folder.',
  },
  'store/in-use': {
    message: 'The data folder {path} is in use by another Lineament (process {pid}).',
    hint: 'Close it, or choose another folder with --data.',
  },
  'store/newer': {
    message:
      'The database {path} is of version {version}, from a newer Lineament; this one knows up to {newest}.',
    hint: 'Use the newer Lineament, or another data folder. Nothing was changed.',
  },
  'store/unusable': {
    message: 'The database {path} cannot be opened: {detail}',
    hint: 'Check that the folder exists, is writable and is on a disk that works.',
  },
  'training/checkpoint-damaged': {
    message: 'The checkpoint {file} is damaged: {detail}.',
    hint: 'Continue from an earlier checkpoint of the run.',
  },
  'training/crop-unusable': {
    message: 'Picture {index} of the training data cannot be used: {detail}',
    hint: 'Its bytes in the data folder are damaged or were erased. Restore the folder from a backup, or align again and make a new version of the dataset.',
  },
  'training/diverged': {
    message: 'Training diverged at step {step}: {detail}.',
    hint: 'Fork from the last checkpoint with a lower learning rate, a longer warm-up or a limit on the norm of the derivatives (optimizer.clipNorm).',
  },
  'training/export-differs': {
    message:
      'The exported network differs from the trained one by {parity}, more than {tolerance}. Nothing was written.',
    hint: 'Export an earlier checkpoint. If its numbers are ordinary, this is a defect; report it.',
  },
  'training/no-start': {
    message: 'There is no file {path} to begin with.',
    hint: 'Name a state dictionary of PyTorch (.pth or .pt), or a run.',
  },
  'training/old-sampler': {
    message: 'The sampler {file} is a file of its own, as recipes had it before there were plugins.',
    hint: 'Put it into the plugins folder as NAME.sampler.js, as docs/plugins.md says, agree to it, and start a fork whose sampler is the plugin.',
  },
  'training/other-backbone': {
    message: 'The checkpoint is of the backbone {got}, and the recipe has {wanted}.',
    hint: 'Fork with the backbone of the run that the checkpoint is of, or start a run of its own.',
  },
  'training/other-recipe': {
    message: 'The checkpoint {file} is of another recipe: {paths} differ.',
    hint: 'Continue it with the recipe that it was saved with, or fork a new run from it.',
  },
  'training/other-teacher': {
    message: 'The teacher’s embedding has {got} numbers, and the recipe says {wanted}.',
    hint: 'Leave distillation.teacher.embedding out: it is written in when the run starts.',
  },
  'training/state-mismatch': {
    message: 'The saved state is of another network: {name} should have {wanted} numbers and has {got}.',
    hint: 'Continue it with the recipe that it was saved with.',
  },
  'training/teacher-classes': {
    message:
      'The classes of the run {name} are other people than the recipe’s: it cannot tell shares of them.',
    hint: 'Set distillation.softTargets to null, or take a teacher with the same seed and the same version, hold-out and least number of pictures.',
  },
  'training/teacher-maps': {
    message: 'The teacher {teacher} has no map {name} as it is asked for. {has}',
    hint: 'Name maps that it has in distillation.flow.teacher and distillation.factors.teacher, or leave them out; distillation.teacher.maps is written in when the run starts.',
  },
  'training/too-few-identities': {
    message:
      'There are {identities} identities to train on; at least 2 are needed. {lowShot} have fewer than {minimum} pictures, {heldOut} are held out.',
    hint: 'Lower data.minImagesPerIdentity, hold out fewer, or add people to the dataset and make a new version.',
  },
  'ui/no-token': {
    message: 'This page has no key to the application, or one that is no longer valid.',
    hint: 'Open the whole address that `npm start` or `lineament serve` printed, with everything after the #.',
  },
  'ui/one-file': {
    message: 'A benchmark is sent as one file; this is a folder or several files ({count}).',
    hint: 'Pack it as a zip or tar archive and send that, or write its path if it is on the application’s machine.',
  },
  'ui/unreachable': {
    message: 'The application does not answer.',
    hint: 'See whether Lineament is still running; this page connects again by itself.',
  },
  'ui/upload-failed': {
    message: '{file} could not be sent to the application: {detail}',
    hint: 'See whether Lineament is still running and the disk of its data folder has room, then try again.',
  },
  'upload/unknown': {
    message: 'The uploaded file {upload} is not there any more.',
    hint: 'Send it again.',
  },
  'vectors/bad-npy': {
    message: 'The file {file} is not a NumPy array that can be read: {detail}',
    hint: 'Save it with numpy.save as float32 in C order.',
  },
  'vectors/other-width': {
    message: 'The embeddings of {model} in the data folder have {recorded} numbers each, not {width}.',
    hint: 'Another model of that name made them. Import the new one under another id.',
  },
  'version/ambiguous': {
    message: '“{version}” could be several. {known}',
    hint: 'Write more characters of the hash.',
  },
  'version/empty': {
    message: 'The datasets have no kept face with a name that is good enough.',
    hint: 'Align them and name the people first, or ask for a lower quality.',
  },
  'version/exists': {
    message: 'There is a dataset version named {name} already.',
    hint: 'Choose another name.',
  },
  'version/in-use': {
    message: 'The dataset version {name} was used by {runs}.',
    hint: 'Remove these runs first; a version that nothing names can be removed.',
  },
  'version/incomplete': {
    message: '{missing} pictures of the dataset version {name} were erased.',
    hint: 'It can’t be trained on any more. Make a new version of the datasets that are left.',
  },
  'version/unknown': {
    message: 'There is no dataset version {version}. {known}',
    hint: 'Write its name or the first characters of its hash, or make one.',
  },
  'weights/damaged': {
    message: 'The checkpoint {file} is damaged: {detail}.',
    hint: 'Fetch or save the file again; it may have been cut off on its way.',
  },
  'weights/incomplete': {
    message: 'Of the {wanted} tensors of {backbone}, {file} has {matched} (layout {layout}): {detail}.',
    hint: '`lineament weights show FILE --backbone NAME` lists every name. Choose the backbone, the embedding and the size of the pictures that the file was trained with.',
  },
  'weights/no-layout': {
    message: 'The layout {layout} has no names for {backbone}; there are names of {known}.',
    hint: 'Choose one of these; “lineament” has Lineament’s own names.',
  },
  'weights/no-match': {
    message:
      'No tensor of {file} fits {backbone}. Tried were {tried}. The file has {count} tensors: {names}.',
    hint: 'Choose the backbone that the file was trained with. Layouts of face.evoLVe, FaceX-Zoo and Lineament are known.',
  },
  'weights/no-tensors': {
    message: '{file} holds no tensors by name: {detail}.',
    hint: 'Save the state dictionary of the network: torch.save(model.state_dict(), "weights.pth").',
  },
  'weights/not-torch': {
    message: '{file} is no checkpoint of PyTorch: {detail}.',
    hint: 'Files that torch.save wrote can be read (.pth, .pt). Networks in ONNX are imported as models.',
  },
  'weights/unknown-backbone': {
    message: 'There is no backbone {backbone}; there are {known}.',
    hint: 'Choose one of these, or none: then the file’s names tell.',
  },
  'weights/unrecognised': {
    message: 'No backbone has all that it needs in {file}, which has {count} tensors: {names} and so on.',
    hint: 'Name the backbone that it should be: then what is missing is listed.',
  },
  'weights/unsupported': {
    message: '{file} has {what}, which Lineament does not read.',
    hint: 'Load it with PyTorch and save its numbers as ordinary tensors: convert each with .float().cpu() and save the dictionary again.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
