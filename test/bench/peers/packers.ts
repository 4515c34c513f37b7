import path from 'node:path';
import type { Contender } from '../contender.ts';
import { notInstalled } from '../programs-on-path.ts';

/** archiver alone, at level 6. */
export const archiver: Contender = {
  name: 'archiver',
  missing: () => null,
  command: ({ programs, data }) => ({ file: process.execPath, args: [path.join(programs, 'bench-archiver.js'), data.path] }),
};

/** Info-ZIP to its standard output. */
export const zip: Contender = {
  name: 'zip -6',
  missing: () => notInstalled('zip'),
  writesArchive: true,
  command: ({ data }) => ({ file: 'zip', args: ['-6', '-r', '-q', '-', '.'], cwd: data.path }),
};

/** 7-Zip's fastest zip on two threads, to its standard output. */
export const sevenZip: Contender = {
  name: '7z -mx1 -mmt2',
  missing: () => notInstalled('7z'),
  writesArchive: true,
  command: ({ data }) => ({ file: '7z', args: ['a', '-tzip', '-mx1', '-mmt2', '-so', 'archive.zip', '.'], cwd: data.path }),
};
