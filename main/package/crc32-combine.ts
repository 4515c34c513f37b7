// CRC-32 as zip has it (APPNOTE 4.4.7), its polynomial mirrored.
const polynomial = 0xedb88320;

/** x^(8 · 2^k) modulo the polynomial, for k = 0, 1, …: what appending 2^k zero bytes multiplies a CRC by. */
const byteShifts: number[] = [0x00800000];
for (let k = 1; k < 53; k += 1) {
  const last = byteShifts[k - 1] ?? 0;
  byteShifts.push(multiply(last, last));
}

/** The CRC-32 of two pieces joined, from the CRC-32 of each and the second one's bytes. */
export function crc32Combine(first: number, second: number, secondBytes: number): number {
  let shifted = first;
  let bytes = secondBytes;
  for (let k = 0; bytes > 0; k += 1, bytes = Math.floor(bytes / 2)) {
    if (bytes % 2 === 1) shifted = multiply(byteShifts[k] ?? 0, shifted);
  }
  return (shifted ^ second) >>> 0;
}

/** Two polynomials' product modulo the CRC's; bit 31 is x^0. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ polynomial : factor >>> 1;
  }
  return product >>> 0;
}
