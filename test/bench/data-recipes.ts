import { logUniform, pick, seededRandom, type Random } from './random.ts';
import type { Kind } from './materials.ts';

/** A file to be made. */
export interface FilePlan {
  /** Below the data set's folder, with forward slashes. */
  readonly name: string;
  readonly bytes: number;
  readonly kind: Kind;
}

/** How a data set is made: the same files with the same bytes everywhere. */
export interface Recipe {
  readonly seed: number;
  plan(quick: boolean): readonly FilePlan[];
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const gibibyte = 1024 * mebibyte;
const quickShare = 128;

interface Share {
  readonly of: number;
  readonly kind: Kind;
  readonly folder: string;
  readonly suffixes: readonly [string, ...string[]];
  readonly least: number;
  readonly most: number;
}

const mixedBuild: readonly Share[] = [
  { of: 0.2, kind: 'text', folder: 'Content/Config', suffixes: ['.json', '.lua', '.js', '.xml', '.shader'], least: kibibyte, most: 256 * kibibyte },
  { of: 0.3, kind: 'machine-code', folder: 'Binaries/lib', suffixes: ['.so', '.dll', '.exe'], least: 256 * kibibyte, most: 64 * mebibyte },
  { of: 0.25, kind: 'samples', folder: 'Content/Raw', suffixes: ['.wav', '.dds', '.mesh', '.uasset'], least: 16 * kibibyte, most: 32 * mebibyte },
  { of: 0.15, kind: 'compressed', folder: 'Content/Media', suffixes: ['.png', '.ogg', '.mp4', '.jpg'], least: 4 * kibibyte, most: 8 * mebibyte },
  { of: 0.1, kind: 'compressed', folder: 'Content/Paks', suffixes: ['.pak', '.bundle'], least: mebibyte, most: 64 * mebibyte },
];

const compressedAssets: readonly Share[] = [
  { of: 0.7, kind: 'compressed', folder: 'media', suffixes: ['.png', '.jpg', '.ogg', '.mp4', '.zip', '.webp'], least: 16 * kibibyte, most: 32 * mebibyte },
  { of: 0.3, kind: 'compressed', folder: 'paks', suffixes: ['.pak', '.bundle', '.bin'], least: mebibyte, most: 64 * mebibyte },
];

const smallKinds: readonly (readonly [Kind, string])[] = [
  ['text', '.json'], ['text', '.lua'], ['text', '.js'], ['machine-code', '.dat'], ['machine-code', '.bin'], ['compressed', '.png'],
];

export const recipes = {
  '2-gib': oneFile(101, 2 * gibibyte),
  '256-mib': oneFile(102, 256 * mebibyte),
  '64-mib': oneFile(103, 64 * mebibyte),
  '5000-files': files(104, 5000),
  '500-files': files(105, 500),
  'mixed-build': shares(106, gibibyte, mixedBuild),
  'compressed-assets': shares(107, gibibyte, compressedAssets),
  '40000-files': { seed: 108, plan: (quick) => smallFiles(seededRandom(108), quick ? 40_000 / quickShare : 40_000) },
} as const satisfies Record<string, Recipe>;

export type DataName = keyof typeof recipes;

function oneFile(seed: number, bytes: number): Recipe {
  return { seed, plan: (quick) => [{ name: 'build.bin', bytes: quick ? Math.max(bytes / quickShare, mebibyte) : bytes, kind: 'compressed' }] };
}

function files(seed: number, count: number): Recipe {
  return {
    seed,
    plan: (quick) => Array.from({ length: quick ? Math.ceil(count / quickShare) : count }, (_, index) => (
      { name: `${String(index % 50).padStart(2, '0')}/${String(index).padStart(5, '0')}.bin`, bytes: 20_000, kind: 'compressed' }
    )),
  };
}

function shares(seed: number, bytes: number, of: readonly Share[]): Recipe {
  return { seed, plan: (quick) => of.flatMap((share, index) => fillShare(seededRandom(seed * 100 + index), share, quick ? bytes / quickShare : bytes)) };
}

function fillShare(random: Random, share: Share, total: number): FilePlan[] {
  const plans: FilePlan[] = [];
  for (let left = Math.round(total * share.of); left > 0;) {
    const bytes = Math.min(left, logUniform(random, share.least, share.most));
    const number = plans.length;
    plans.push({ name: `${share.folder}/${Math.floor(number / 100)}/${number}${pick(random, share.suffixes)}`, bytes, kind: share.kind });
    left -= bytes;
  }
  return plans;
}

function smallFiles(random: Random, count: number): FilePlan[] {
  return Array.from({ length: count }, (_, index) => {
    const [kind, suffix] = smallKinds[Math.floor(random() * smallKinds.length)] ?? (['text', '.json'] as const);
    return { name: `${Math.floor(index / 100)}/${index}${suffix}`, bytes: 1000 + Math.floor(random() * 7000), kind };
  });
}
