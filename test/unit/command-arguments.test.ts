import { expect, test } from 'vitest';
import { commandArguments, programArguments } from '../../main/command-arguments.ts';

const app = '/opt/COS Ferry/cos-ferry-app';

test('what the launcher starts as a command is one, with its own options left out', () => {
  expect(commandArguments([app, '--no-sandbox', '--ozone-platform=headless', '--log-level=3', '--command-line', 'list', '--json'])).toEqual(['list', '--json']);
  expect(commandArguments([app, '--command-line'])).toEqual([]);
  expect(commandArguments([app, '--command-line', 'upload', '--no-sandbox'])).toEqual(['upload', '--no-sandbox']);
});

test('no path, link or option that others hand over makes a command of it', () => {
  for (const rest of [[], ['/a.zip'], ['upload'], ['/a.zip', '--command-line', 'abort'], ['cos-ferry://upload', '--command-line'], ['--hidden', '--command-line'], ['--', '--command-line']]) {
    expect(commandArguments([app, ...rest])).toBeNull();
  }
});

test('what starts the command line once more is all that stands before its own arguments', () => {
  expect(programArguments([app, '--no-sandbox', '--command-line', 'list', '--json'])).toEqual(['--no-sandbox', '--command-line']);
  expect(programArguments(['/usr/bin/node', 'out/main/cli.js', 'resume'])).toEqual(['out/main/cli.js']);
});
