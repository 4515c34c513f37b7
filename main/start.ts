/**
 * What the app's own binary starts: the command line where its launcher says so, else the desktop.
 * Electron goes on with its own start, and looks for a display, only when this module is done; a
 * command ends the process before that.
 */
import { commandArguments } from './command-arguments.ts';

if (commandArguments(process.argv) === null) await import('./index.ts');
else await import('./cli.ts');
