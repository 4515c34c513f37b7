const mask = 0xffffffffffffffffn;
// CRC-64/XZ, bits reflected: x^0 is the highest bit.
const polynomial = 0xc96c5795d7870f42n;
const one = 0x8000000000000000n;
const x8 = 0x0080000000000000n;
const xInverse = (one ^ polynomial) << 1n & mask | 1n;

const mostKnown = 64;
const powers = new Map<number, bigint>();
// The eighth power.
const x8Inverse = [1, 2, 3].reduce((power) => multiply(power, power), xInverse);

/** The CRC-64/XZ of two runs of bytes, one behind the other, from the CRC of each and the second's length. */
export function combineCrc64(first: bigint, second: bigint, secondBytes: number): bigint {
  return secondBytes === 0 ? first : multiply(shiftBy(secondBytes), first) ^ second;
}

/**
 * The CRC-64/XZ of bytes that were folded away, from that of the remainder, which stands where so many
 * bytes of nothing would follow.
 */
export function foldedCrc64(remainder: bigint, remainderBytes: number, bytes: number): bigint {
  // What CRC-64/XZ makes of bytes of nothing is what comes of its first and last step alone: without them it is linear.
  const withoutSteps = remainder ^ ofNothing(remainderBytes);
  return multiply(shiftBy(-remainderBytes), withoutSteps) ^ ofNothing(bytes);
}

function ofNothing(bytes: number): bigint {
  return multiply(shiftBy(bytes), mask) ^ mask;
}

/** x to the power of 8 × bytes, which may be negative: what so many bytes of nothing multiply a CRC by. Parts have few lengths, so it is kept. */
function shiftBy(bytes: number): bigint {
  const known = powers.get(bytes);
  if (known !== undefined) return known;
  let power = one;
  let square = bytes < 0 ? x8Inverse : x8;
  for (let rest = Math.abs(bytes); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(square, power);
    square = multiply(square, square);
  }
  if (powers.size >= mostKnown) powers.clear();
  powers.set(bytes, power);
  return power;
}

/** Two polynomials over GF(2), modulo CRC-64/XZ's. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = one; bit !== 0n; bit >>= 1n) {
    if (a & bit) product ^= factor;
    factor = (factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n) & mask;
  }
  return product;
}
