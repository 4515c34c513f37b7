/**
 * What `electron .` starts when the binary brings no default app of its own: it reads the command
 * line as Electron's default app does, takes over the package's name and version, and runs it.
 * Top-level await, so that Electron is only `ready` once the app's own code has run.
 */
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const modules = [];
let target = null;
for (let at = 1; at < process.argv.length && target === null; at += 1) {
  const argument = process.argv[at];
  if (argument === '-r' || argument === '--require') {
    at += 1;
    modules.push(process.argv[at]);
  } else if (argument === '--version' || argument === '-v') {
    console.log(`v${process.versions.electron}`);
    process.exit(0);
  } else if (!argument.startsWith('-')) {
    target = argument;
  }
}

if (target === null) {
  console.error('electron: no app given. Use `electron <path>`.');
  process.exit(1);
}

// Playwright brings its hooks as `-r`, which must run before any code of the app.
if (modules.length > 0) Module._preloadModules(modules);

try {
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const packagePath = resolve(target);
  const manifestPath = join(packagePath, 'package.json');
  const isPackage = existsSync(manifestPath);
  if (isPackage) {
    const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
    if (manifest.version) app.setVersion(manifest.version);
    const name = manifest.productName ?? manifest.name;
    if (name) app.name = name;
    app.setDesktopName(manifest.desktopName ?? `${app.name}.desktop`);
  }
  const entry = Module._resolveFilename(packagePath, null, true);
  app.setAppPath(isPackage ? packagePath : dirname(entry));
  await import(pathToFileURL(entry).href);
} catch (error) {
  console.error('App threw an error during load');
  console.error(error);
  process.exit(1);
}
