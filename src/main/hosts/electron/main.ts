/** Entry point of the desktop application. What has to come before Electron is ready is done here. */
import { join } from 'node:path';
import { app, dialog, protocol } from 'electron';
import { toErrorInfo } from '../../../core/base/errors.ts';
import { desktopArguments } from '../desktop/arguments.ts';
import { schemePrivileges } from '../desktop/scheme.ts';
import { runDesktop } from './desktop.ts';

const options = desktopArguments(process.argv, process.cwd());

protocol.registerSchemesAsPrivileged([schemePrivileges]);
app.enableSandbox();
// Chromium's own files, the window's place and the single-instance lock go with the data folder.
if (options.dataDir !== null) app.setPath('userData', join(options.dataDir, 'desktop'));

if (app.requestSingleInstanceLock()) {
  runDesktop(options).catch((thrown: unknown) => {
    const { message, hint } = toErrorInfo(thrown);
    dialog.showErrorBox('Lineament cannot start', `${message}\n\n${hint}`);
    app.exit(1);
  });
} else app.quit();
