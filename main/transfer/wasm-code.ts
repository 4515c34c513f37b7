/** WebAssembly instructions as bytes, in groups of any depth; what is named here is all that the hashes need. */
export type Code = readonly (number | Code)[];

export const i32 = 0x7f;
export const v128 = 0x7b;

/** A function of integers that returns nothing. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  /** The types of its locals, which are counted on from its parameters. */
  readonly locals: readonly number[];
  readonly body: Code;
}

const vectorPrefix = 0xfd;
const alignment = 0;
const block = 0x40;
const end = 0x0b;

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
export const tee = (local: number, value: Code): Code => [value, 0x22, unsigned(local)];
export const constant = (value: number): Code => [0x41, signed(value)];

/** An instruction that takes one value more than it leaves. */
const binary = (...opcode: readonly number[]) => (a: Code, b: Code): Code => [a, b, opcode];
/** One on vectors, by its number. */
export const vector = (opcode: number): (a: Code, b: Code) => Code => binary(vectorPrefix, ...unsigned(opcode));
export const add32 = binary(0x6a);
export const subtract32 = binary(0x6b);
export const and32 = binary(0x71);
export const xor32 = binary(0x73);
export const rotate32 = binary(0x77);

export const load32 = (address: Code, offset: number): Code => [address, 0x28, alignment, unsigned(offset)];
export const store32 = (address: Code, offset: number, value: Code): Code => [address, value, 0x36, alignment, unsigned(offset)];
export const loadVector = (address: Code, offset: number): Code => [address, vectorPrefix, 0x00, alignment, unsigned(offset)];
export const storeVector = (address: Code, offset: number, value: Code): Code => [address, value, vectorPrefix, 0x0b, alignment, unsigned(offset)];
/** The word at an address, four times. */
export const loadSplat = (address: Code, offset: number): Code => [address, vectorPrefix, 0x09, alignment, unsigned(offset)];
/** Four words of eight: those of `a` are 0 to 3, those of `b` 4 to 7. */
export const pickWords = (a: Code, b: Code, words: readonly number[]): Code => [a, b, vectorPrefix, 0x0d, words.flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte))];

/** Does a thing as often as a local says, at least once; the local is zero afterwards. */
export const repeat = (times: number, body: Code): Code => [0x03, block, body, tee(times, subtract32(get(times), constant(1))), 0x0d, 0, end];

/** A module of these functions, which import their memory as `memory` from `env`. */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const indices = functions.map((_, index) => unsigned(index));
  const bytes: Code = [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, list(functions.map(({ parameters }) => [0x60, list(Array<Code>(parameters).fill([i32])), list([])]))),
    section(2, list([[text('env'), text('memory'), 0x02, 0x00, 1]])),
    section(3, list(indices)),
    section(7, list(functions.map(({ name }, index) => [text(name), 0x00, unsigned(index)]))),
    section(10, list(functions.map(({ locals, body }) => sized([list(locals.map((type) => [1, type])), body, end])))),
  ];
  return new Uint8Array(flat(bytes));
}

function section(id: number, content: Code): Code {
  return [id, sized(content)];
}

function sized(content: Code): Code {
  const bytes = flat(content);
  return [unsigned(bytes.length), bytes];
}

function list(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

function text(ascii: string): Code {
  return sized([...Buffer.from(ascii)]);
}

function flat(code: Code, into: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') into.push(part);
    else flat(part, into);
  }
  return into;
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [value & 0x7f | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [value & 0x7f | 0x80, ...signed(value >> 7)];
}
