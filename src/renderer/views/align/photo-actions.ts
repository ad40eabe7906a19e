import type { Photo } from '../../../core/contract/datasets.ts';
import type { Face, FaceState } from '../../../core/contract/faces.ts';
import type { Action } from '../../state/actions.svelte.ts';
import type { App } from '../../state/app.svelte.ts';
import { type PointEditor, pointNames } from '../../state/point-editor.svelte.ts';

/** What the keys of a photograph's page act on. */
export interface PhotoKeys {
  readonly app: App;
  readonly photo: Photo;
  readonly faces: readonly Face[];
  readonly chosen: Face | null;
  readonly editor: PointEditor | null;
  readonly adding: boolean;
  zoom(): void;
  step(by: number): Promise<void>;
  save(): Promise<boolean>;
  review(): Promise<void>;
  back(): void;
  addFace(): void;
  choose(face: number): void;
  takeUp(point: number): void;
}

const photoGroup = 'This photograph';
const pointGroup = 'Five points';

/** Keys and commands of one photograph. Later ones win where a key is shared, if they are enabled. */
export function photoActions(keys: PhotoKeys): readonly Action[] {
  return [...onPhoto(keys), ...onPoints(keys)];
}

function onPhoto(keys: PhotoKeys): readonly Action[] {
  const { app, photo, faces, chosen } = keys;
  const hasFace = (): boolean => chosen !== null;
  const setState = (state: FaceState): unknown =>
    chosen && app.perform(() => app.call('faces.setState', { faces: [chosen.id], state }));
  const stepFace = (by: number): void => {
    const place = faces.findIndex((face) => face.id === chosen?.id);
    const next = faces[(place + by + faces.length) % faces.length];
    if (next) keys.choose(next.id);
  };
  const action = (id: string, title: string, shortcut: string, run: () => unknown): Action => ({
    id: `photo.${id}`,
    title,
    group: photoGroup,
    shortcut,
    run,
  });
  return [
    action('next', 'Next photograph', 'arrowright', () => keys.step(1)),
    action('previous', 'Previous photograph', 'arrowleft', () => keys.step(-1)),
    action('add', 'Add a face that was missed', 'f', keys.addFace),
    action('zoom', 'Zoom to the face, or back', 'z', keys.zoom),
    action('review', photo.reviewed ? 'Put back into the queue' : 'Reviewed, next', 'r', keys.review),
    { ...action('next-face', 'Next face', ']', () => stepFace(1)), enabled: () => faces.length > 1 },
    { ...action('previous-face', 'Previous face', '[', () => stepFace(-1)), enabled: () => faces.length > 1 },
    {
      ...action('choose', 'Choose this face for the label', 'c', () =>
        app.perform(() => app.call('faces.choose', { face: chosen?.id ?? 0 })),
      ),
      enabled: () => chosen !== null && faces.length > 1,
    },
    { ...action('reject', 'Reject this face', 'x', () => setState('rejected')), enabled: hasFace },
    { ...action('keep', 'Keep this face', 'k', () => setState('kept')), enabled: hasFace },
    {
      ...action(
        'search',
        'Search by this face',
        's',
        () => chosen && app.search.byFace(chosen.id, chosen.file),
      ),
      enabled: hasFace,
    },
    action('back', 'Let go, give up, or back to all photographs', 'escape', keys.back),
  ];
}

function onPoints(keys: PhotoKeys): readonly Action[] {
  const { editor } = keys;
  if (editor === null) return [];
  const held = (): boolean => editor.chosen !== null;
  const arrows = [
    ['arrowleft', 'left', -1, 0],
    ['arrowright', 'right', 1, 0],
    ['arrowup', 'up', 0, -1],
    ['arrowdown', 'down', 0, 1],
  ] as const;
  return [
    ...pointNames.map(
      (name, i): Action => ({
        id: `point.${i + 1}`,
        title: `Choose: ${name.toLowerCase()}`,
        group: pointGroup,
        shortcut: String(i + 1),
        run: () => keys.takeUp(i),
      }),
    ),
    ...arrows.flatMap(([key, way, dx, dy]): Action[] => [
      {
        id: `point.${way}`,
        title: `Move the point ${way}`,
        group: pointGroup,
        shortcut: key,
        enabled: held,
        run: () => editor.nudge(dx, dy),
      },
      {
        id: `point.far-${way}`,
        title: `Move the point ten pixels ${way}`,
        group: pointGroup,
        shortcut: `shift+${key}`,
        enabled: held,
        run: () => editor.nudge(dx * 10, dy * 10),
      },
    ]),
    {
      id: 'point.save',
      title: keys.adding ? 'Add the face' : 'Save the points',
      group: pointGroup,
      shortcut: 'enter',
      enabled: () => keys.adding || editor.changed,
      run: keys.save,
    },
    {
      id: 'point.undo',
      title: 'Undo the last step of a point',
      group: pointGroup,
      shortcut: 'mod+z',
      enabled: () => editor.canUndo,
      run: () => editor.undo(),
    },
    {
      id: 'point.redo',
      title: 'Redo the step of a point',
      group: pointGroup,
      shortcut: 'mod+shift+z',
      also: ['mod+y'],
      enabled: () => editor.canRedo,
      run: () => editor.redo(),
    },
  ];
}
