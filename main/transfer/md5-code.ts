import { add32, and32, constant, get, i32, load32, loadSplat, loadVector, pickWords, repeat, rotate32, set, store32, storeVector, subtract32, tee, v128, vector, xor32, type Code, type WasmFunction } from './wasm-code.ts';

export const md5BlockBytes = 64;
/** How many messages can be gone on with at once, at most. */
export const lanes = 12;
/** Of so many the last vector would go along for nothing. */
export const fewLanes = 8;
const lanesOfVector = 4;

/** The words that an MD5 begins with (RFC 1321). */
export const md5Start: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

const steps = Array.from({ length: 64 }, (_, step) => step);
const rotations = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]] as const;

/** RFC 1321's table T, which the functions expect at the memory's first byte; in the fourth round less one, see `step`. */
export function md5Table(): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(steps, (step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) - (step < 48 ? 0 : 1));
}

type Binary = (a: Code, b: Code) => Code;

/** Words of 32 bits: one, or those of four messages side by side. */
interface Words {
  readonly type: number;
  readonly bytes: number;
  readonly add: Binary;
  readonly subtract: Binary;
  readonly and: Binary;
  readonly xor: Binary;
  /** The bits of the first that the second has not. */
  readonly without: Binary;
  /** The last is a local that it may use. */
  readonly rotate: (value: Code, bits: number, spare: number) => Code;
  readonly load: (address: Code, offset: number) => Code;
  readonly store: (address: Code, offset: number, value: Code) => Code;
  readonly loadTable: (address: Code, offset: number) => Code;
}

const single: Words = {
  type: i32,
  bytes: 4,
  add: add32,
  subtract: subtract32,
  and: and32,
  xor: xor32,
  without: (a, b) => and32(a, xor32(b, constant(-1))),
  rotate: (value, bits) => rotate32(value, constant(bits)),
  load: load32,
  store: store32,
  loadTable: load32,
};

const or = vector(0x50);
const shiftLeft = vector(0xab);
const shiftRight = vector(0xad);

const fourfold: Words = {
  type: v128,
  bytes: 16,
  add: vector(0xae),
  subtract: vector(0xb1),
  and: vector(0x4e),
  xor: vector(0x51),
  without: vector(0x4f),
  rotate: (value, bits, spare) => or(shiftLeft(tee(spare, value), constant(bits)), shiftRight(get(spare), constant(32 - bits))),
  load: loadVector,
  store: storeVector,
  loadTable: loadSplat,
};

// What the functions are called with.
const data = 0;
const blocks = 1;
const state = 2;
const parameters = 3;

/** The words of a block: what makes them ready, and each of the sixteen. */
interface Block {
  readonly ready: Code;
  readonly word: (index: number) => Code;
}

type NewLocal = () => number;

/** `md5(data, blocks, state)` goes on with one MD5, whose words are at `state`. */
export function md5One(): WasmFunction {
  return md5('md5', single, [() => ({ ready: [], word: (index) => load32(get(data), index * 4) })]);
}

/**
 * `name(data, blocks, state)` goes on with `many` MD5s, a multiple of four, the data of each
 * `laneBytes` behind that of the one before. At `state` are the first four's first words, their second
 * ones and so on, and then the next four's.
 */
export function md5Lanes(name: string, many: number, laneBytes: number): WasmFunction {
  const groups = Array.from({ length: many / lanesOfVector }, (_, group) => group * lanesOfVector);
  return md5(name, fourfold, groups.map((first) => (newLocal) => turnedBlock(newLocal, (lane) => (first + lane) * laneBytes)));
}

/** A block of each of four messages, as sixteen vectors with one word of each. */
function turnedBlock(newLocal: NewLocal, laneAt: (lane: number) => number): Block {
  const [r0, r1, r2, r3] = [newLocal(), newLocal(), newLocal(), newLocal()];
  const low = (a: number, b: number): Code => pickWords(get(a), get(b), [0, 4, 1, 5]);
  const high = (a: number, b: number): Code => pickWords(get(a), get(b), [2, 6, 3, 7]);
  const [l01, l23, h01, h23] = [newLocal(), newLocal(), newLocal(), newLocal()];
  const words: number[] = [];
  const word = (value: Code): Code => {
    const local = newLocal();
    words.push(local);
    return set(local, value);
  };
  const ready = [0, 16, 32, 48].map((offset): Code => [
    [r0, r1, r2, r3].map((row, lane) => set(row, loadVector(get(data), laneAt(lane) + offset))),
    set(l01, low(r0, r1)), set(l23, low(r2, r3)), set(h01, high(r0, r1)), set(h23, high(r2, r3)),
    word(pickWords(get(l01), get(l23), [0, 1, 4, 5])), word(pickWords(get(l01), get(l23), [2, 3, 6, 7])),
    word(pickWords(get(h01), get(h23), [0, 1, 4, 5])), word(pickWords(get(h01), get(h23), [2, 3, 6, 7])),
  ]);
  return { ready, word: (index) => get(words[index] ?? 0) };
}

/** Every step of MD5 waits for the one before it, so several messages take turns: meanwhile the processor has something to do. */
function md5(name: string, words: Words, messages: readonly ((newLocal: NewLocal) => Block)[]): WasmFunction {
  const locals: number[] = [];
  const newLocal = (): number => parameters - 1 + locals.push(words.type);
  const running = messages.map((message, index) => ({
    block: message(newLocal),
    spare: newLocal(),
    words: md5Start.map((_, at) => ({ local: newLocal(), before: newLocal(), offset: (index * md5Start.length + at) * words.bytes })),
  }));
  const each = (code: (word: { readonly local: number; readonly before: number; readonly offset: number }) => Code): Code => running.map((one) => one.words.map(code));
  const body: Code = [
    each(({ local, offset }) => set(local, words.load(get(state), offset))),
    repeat(blocks, [
      running.map(({ block }) => block.ready),
      each(({ local, before }) => set(before, get(local))),
      steps.map((at) => running.map((one) => step(words, at, one.words.map(({ local }) => local), one.block, one.spare))),
      each(({ local, before }) => set(local, words.add(get(local), get(before)))),
      set(data, add32(get(data), constant(md5BlockBytes))),
    ]),
    each(({ local, offset }) => words.store(get(state), offset, get(local))),
  ];
  return { name, parameters, locals, body };
}

function step(words: Words, at: number, locals: readonly number[], { word }: Block, spare: number): Code {
  const { add, subtract, and, xor, without, rotate, loadTable } = words;
  const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map((name) => locals[(name + 64 - at) % 4]);
  const round = at >> 4 as 0 | 1 | 2 | 3;
  const index = [at, 5 * at + 1, 3 * at + 5, 7 * at][round] ?? 0;
  const sum = add(add(get(a), word(index % 16)), loadTable(constant(0), at * 4));
  // What depends on b comes last, since b is what the step before has made.
  const mixed = [
    () => add(sum, xor(get(d), and(get(b), xor(get(c), get(d))))),
    () => add(add(sum, without(get(c), get(d))), and(get(b), get(d))),
    () => add(sum, xor(get(b), xor(get(c), get(d)))),
    // c ^ (b | ~d) is ~(c ^ (d & ~b)), and adding ~x is subtracting x and one more, which the table has.
    () => subtract(sum, xor(get(c), without(get(d), get(b)))),
  ][round]?.() ?? [];
  return set(a, add(rotate(mixed, rotations[round][at % 4 as 0 | 1 | 2 | 3], spare), get(b)));
}
