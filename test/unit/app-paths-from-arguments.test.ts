import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pathsFromArguments } from '../../main/app/paths-from-arguments.ts';

const workingDirectory = resolve('/home/ann/builds');
const build = resolve(workingDirectory, 'Game.zip');
const folder = resolve('/srv/包 裹 📦');
const appPath = resolve('/opt/cos-ferry');
const existing = new Set([build, folder, appPath, workingDirectory, resolve('/opt/loader.js'), resolve(workingDirectory, '-odd name')]);

const parse = (...argv: string[]): string[] =>
  pathsFromArguments(['/opt/electron', ...argv], { workingDirectory, ignored: [appPath], exists: (path) => existing.has(path) });

describe('paths from arguments', () => {
  it('takes absolute paths and those relative to the working directory', () => {
    expect(parse(folder, 'Game.zip', './Game.zip')).toEqual([folder, build]);
  });

  it('takes the file:// addresses file managers give', () => {
    expect(parse(pathToFileURL(folder).href)).toEqual([folder]);
  });

  it('ignores the program itself, even where it exists', () => {
    expect(pathsFromArguments([build], { workingDirectory, ignored: [], exists: () => true })).toEqual([]);
  });

  it("ignores the app's own folder, the dot it is started with, and empty arguments", () => {
    expect(parse(appPath, '.', '', 'Game.zip')).toEqual([build]);
  });

  it('ignores switches and the values of those that have one', () => {
    expect(parse('--no-sandbox', '--inspect=0', '-r', '/opt/loader.js', '--allow-file-access-from-files', build)).toEqual([build]);
  });

  it('takes what follows a double dash as paths, whatever they begin with', () => {
    expect(parse('--', '-odd name')).toEqual([resolve(workingDirectory, '-odd name')]);
  });

  it('ignores what does not exist and addresses of elsewhere', () => {
    expect(parse('/no/such/file', 'https://example.com/a.zip', 'file://%zz')).toEqual([]);
  });
});
