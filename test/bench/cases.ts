import type { Contender } from './contender.ts';
import type { DataName } from './data-recipes.ts';
import { archiveWithin, atMostSlowest, atMostTimes, lineShareAtLeast, peakAtMost, type Goal } from './goal.ts';
import { ferry, ferryPack, ferryPackage, ferryPackingAlone, ferrySendingAlone, ferryUpload } from './peers/ferry.ts';
import { archiver, sevenZip, zip } from './peers/packers.ts';
import { rcloneDefault, rcloneTuned } from './peers/rclone.ts';
import { archiverThenSdk, sdkDefault, sdkTuned } from './peers/sdk.ts';
import type { LineShape } from './shaped-link.ts';

/** One row of the benchmark: who does what with which data over which line, and what must come of it. */
export interface Case {
  readonly name: string;
  readonly title: string;
  readonly data: DataName;
  /** `none` sends nothing; a shape needs namespaces of the system. */
  readonly line: 'none' | 'loopback' | LineShape;
  /** Ours first. */
  readonly contenders: readonly Contender[];
  goals(bytes: number): readonly Goal[];
  /** The folder becomes one object, so its archive has to be known before. */
  readonly packs?: boolean;
}

const clean: LineShape = { oneWayMs: 20, bitsPerSecond: 200e6, lossShare: 0 };
const lossy: LineShape = { ...clean, lossShare: 0.01 };
const rclone = rcloneDefault.name;
const sizeTolerance = 0.02;

export const cases: readonly Case[] = [
  {
    name: 'file', title: 'One file of 2 GiB, loopback', data: '2-gib', line: 'loopback',
    contenders: [ferryUpload, rcloneDefault, sdkDefault, sdkTuned],
    goals: () => [atMostTimes('wallSeconds', ferry, rclone, 0.4), atMostTimes('cpuSeconds', ferry, rclone, 0.35), peakAtMost(ferry, 200)],
  },
  {
    name: 'files', title: '5,000 files of 20 KB, loopback', data: '5000-files', line: 'loopback',
    contenders: [ferryUpload, rcloneDefault, sdkDefault],
    goals: () => [atMostTimes('wallSeconds', ferry, rclone, 0.75)],
  },
  {
    name: 'line', title: '256 MiB over 200 Mbit/s, 40 ms', data: '256-mib', line: clean,
    contenders: [ferryUpload, rcloneDefault, rcloneTuned],
    goals: (bytes) => [lineShareAtLeast(ferry, bytes, clean.bitsPerSecond, 0.9)],
  },
  {
    name: 'lossy-line', title: '64 MiB over 200 Mbit/s, 40 ms, 1 % loss', data: '64-mib', line: lossy,
    contenders: [ferryUpload, rcloneDefault, rcloneTuned],
    goals: () => [atMostTimes('wallSeconds', ferry, rclone, 0.2)],
  },
  {
    name: 'files-line', title: '500 files of 20 KB over 200 Mbit/s, 40 ms', data: '500-files', line: clean,
    contenders: [ferryUpload, rcloneDefault],
    goals: () => [atMostTimes('wallSeconds', ferry, rclone, 0.15)],
  },
  {
    name: 'pack-mixed', title: 'Packing a mixed build of 1 GiB', data: 'mixed-build', line: 'none',
    contenders: [ferryPack, archiver, zip, sevenZip],
    goals: () => [
      atMostTimes('wallSeconds', ferry, archiver.name, 0.25), archiveWithin(ferry, archiver.name, sizeTolerance),
      atMostTimes('wallSeconds', ferry, sevenZip.name, 1),
    ],
  },
  {
    name: 'pack-compressed', title: 'Packing 1 GiB of compressed assets', data: 'compressed-assets', line: 'none',
    contenders: [ferryPack, archiver, zip, sevenZip],
    goals: () => [atMostTimes('wallSeconds', ferry, archiver.name, 0.1)],
  },
  {
    name: 'pack-small', title: 'Packing 40,000 small files', data: '40000-files', line: 'none',
    contenders: [ferryPack, archiver, zip, sevenZip],
    goals: () => [atMostTimes('wallSeconds', ferry, archiver.name, 0.18)],
  },
  {
    name: 'folder', title: 'The mixed build, folder to object, loopback', data: 'mixed-build', line: 'loopback', packs: true,
    contenders: [ferryPackage, ferryPackingAlone, ferrySendingAlone, archiverThenSdk],
    goals: () => [atMostSlowest(ferry, [ferryPackingAlone.name, ferrySendingAlone.name], 1.1)],
  },
];

/** The cases of these names, or whose names begin so; all where none is named. Throws a TypeError for a name that fits none. */
export function casesNamed(names: readonly string[]): readonly Case[] {
  const unknown = names.find((name) => !cases.some((one) => one.name.startsWith(name)));
  if (unknown !== undefined) throw new TypeError(`no case is called ${unknown}: ${cases.map(({ name }) => name).join(', ')}`);
  if (names.length === 0) return cases;
  const exact = new Set(names.filter((name) => cases.some((one) => one.name === name)));
  return cases.filter((one) => names.some((name) => exact.has(name) ? one.name === name : one.name.startsWith(name)));
}
