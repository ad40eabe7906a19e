/** Entry point of the desktop application. What has to come before Electron is ready is done here. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, protocol } from 'electron';
import { toErrorInfo } from '../../../core/base/errors.ts';
import { desktopArguments } from '../desktop/arguments.ts';
import { schemePrivileges } from '../desktop/scheme.ts';
import { defaultDataDir } from '../places.ts';
import { runDesktop } from './desktop.ts';

const standard = defaultDataDir(process.env, process.platform);
const options = desktopArguments(process.argv, process.cwd(), standard);

protocol.registerSchemesAsPrivileged([schemePrivileges]);
app.enableSandbox();
// Chromium's own files, the window's place and the single-instance lock go with the data folder.
const userData = join(options.dataDir, 'desktop');
mkdirSync(userData, { recursive: true, mode: 0o700 });
app.setPath('userData', userData);

if (app.requestSingleInstanceLock()) {
  runDesktop(options).catch((thrown: unknown) => {
    const { message, hint } = toErrorInfo(thrown);
    dialog.showErrorBox('Lineament cannot start', `${message}\n\n${hint}`);
    app.exit(1);
  });
} else app.quit();
