import { randomStream, seededRandom, type Random } from './random.ts';

/** What files of a build are made of, by how it compresses. */
export type Kind = 'text' | 'machine-code' | 'samples' | 'compressed';

// Far beyond deflate's window of 32 KiB, so that bytes taken twice do not compress better than others.
const poolBytes = 8 * 1024 * 1024;
const longestRun = 1024 * 1024;

/** Bytes of each kind, always the same for the same seed. At zlib's level 6 text comes to a third of its size, machine code to half, samples to three quarters. */
export class Materials {
  readonly #random: Random;
  readonly #compressed: (length: number) => Buffer;
  readonly #pools = new Map<Kind, Buffer>();
  readonly #seed: number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#compressed = randomStream(seed);
    this.#seed = seed;
  }

  /** The next `bytes` of the kind, in buffers of at most a mebibyte. */
  *take(kind: Kind, bytes: number): Generator<Buffer, void> {
    for (let left = bytes; left > 0;) {
      const length = Math.min(left, longestRun);
      left -= length;
      if (kind === 'compressed') {
        yield this.#compressed(length);
        continue;
      }
      const start = Math.floor(this.#random() * (poolBytes - length));
      yield this.#pool(kind).subarray(start, start + length);
    }
  }

  #pool(kind: Exclude<Kind, 'compressed'>): Buffer {
    const pool = this.#pools.get(kind) ?? pools[kind](seededRandom(this.#seed + 1));
    this.#pools.set(kind, pool);
    return pool;
  }
}

const pools: Readonly<Record<Exclude<Kind, 'compressed'>, (random: Random) => Buffer>> = { text: textPool, 'machine-code': machineCodePool, samples: samplesPool };
const syllables = 'ba co di fe ga ho in ka lu me no or pi qua re sa to un ve wi xa yo ze th st er an en is al ed ing ion'.split(' ');

/** Configuration and scripts: names from a vocabulary in which few are frequent, numbers, and the same few shapes of a line. */
function textPool(random: Random): Buffer {
  const vocabulary = Array.from({ length: 6000 }, () => Array.from({ length: 1 + Math.floor(random() * 4) }, () => syllables[Math.floor(random() * syllables.length)]).join(''));
  const word = (): string => vocabulary[Math.floor(vocabulary.length * random() ** 2.5)] ?? '';
  const number = (): string => String(Math.floor(1 / (random() + 1e-6) * 10));
  const shapes: readonly (() => string)[] = [
    () => `    "${word()}_${word()}": ${number()},\n`,
    () => `    { "id": ${number()}, "name": "${word()} ${word()}", "tags": ["${word()}", "${word()}"] },\n`,
    () => `  const ${word()} = ${word()}.${word()}(${word()}, ${number()});\n`,
    () => `  if (${word()} === ${word()}) return this.${word()}.${word()};\n`,
    () => `// ${word()} ${word()} ${word()} ${word()} ${word()} ${word()}\n`,
    () => `<${word()} ${word()}="${number()}" ${word()}="${word()}/${word()}.png"/>\n`,
  ];
  const pool = Buffer.alloc(poolBytes);
  for (let at = 0; at < poolBytes;) at += pool.write((shapes[Math.floor(random() * shapes.length)] ?? word)(), at, 'latin1');
  return pool;
}

/** Instructions of a vocabulary with operands behind them, now and then a table of strings or zeros: what a .so looks like. */
function machineCodePool(random: Random): Buffer {
  const byte = (): number => Math.floor(256 * random() ** 1.5);
  const instructions = Array.from({ length: 3000 }, () => Buffer.from(Array.from({ length: 3 + Math.floor(random() * 6) }, byte)));
  const pool = Buffer.alloc(poolBytes);
  for (let at = 0; at < poolBytes - 64;) {
    const turn = random();
    if (turn < 0.004) at += 8 + Math.floor(random() * 48);
    else if (turn < 0.03) at += pool.write(`_ZN${syllables[Math.floor(random() * syllables.length)]}${Math.floor(random() * 1e6).toString(36)}Ev\0`, at, 'latin1');
    else {
      at += (instructions[Math.floor(instructions.length * random() ** 4)] ?? pool.subarray(0, 0)).copy(pool, at);
      if (turn < 0.25) at = pool.writeInt32LE(Math.floor((random() - 0.5) * 2 ** (4 + random() * 10)), at);
    }
  }
  return pool;
}

/** Sound and pictures that nobody has compressed: values near the middle are the frequent ones. */
function samplesPool(random: Random): Buffer {
  const pool = Buffer.alloc(poolBytes);
  for (let at = 0; at < poolBytes; at += 1) pool[at] = Math.round(128 + (random() + random() + random() - 1.5) * 28);
  return pool;
}
