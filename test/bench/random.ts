import { createCipheriv } from 'node:crypto';

/** Numbers in [0, 1), always the same for the same seed (mulberry32). */
export type Random = () => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes that nothing compresses, always the same for the same seed. */
export function randomStream(seed: number): (length: number) => Buffer {
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(seed >>> 0, 0);
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), iv);
  return (length) => cipher.update(Buffer.alloc(length));
}

/** A whole number from `least` to `most`, small ones as likely as large ones by order of magnitude. */
export function logUniform(random: Random, least: number, most: number): number {
  return Math.round(least * (most / least) ** random());
}

export function pick<T>(random: Random, from: readonly [T, ...T[]]): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}
