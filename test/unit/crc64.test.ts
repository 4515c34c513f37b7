import { expect, test } from 'vitest';
import { createCrc64 } from '../../main/transfer/crc64.ts';

test('the CRC64 is the CRC-64/XZ of its catalogue, as a decimal number', async () => {
  const crc64 = await createCrc64();
  crc64.update(Buffer.from('123456789'));
  expect(crc64.digestDecimal()).toBe(0x995dc9bbdf1939fan.toString());
});

test('bytes in pieces give the CRC64 of the bytes in one', async () => {
  const bytes = Buffer.alloc(3_000_001, 'COS Ferry 渡船');
  const [whole, pieces] = [await createCrc64(), await createCrc64()];
  whole.update(bytes);
  for (let at = 0; at < bytes.length; at += 65_521) pieces.update(bytes.subarray(at, at + 65_521));
  expect(pieces.digestDecimal()).toBe(whole.digestDecimal());
});

test('two running CRC64s do not disturb each other', async () => {
  const [one, other] = [await createCrc64(), await createCrc64()];
  one.update(Buffer.from('1234'));
  other.update(Buffer.from('something else'));
  one.update(Buffer.from('56789'));
  expect(one.digestDecimal()).toBe('11051210869376104954');
});

test('the CRC64 of nothing is 0', async () => {
  expect((await createCrc64()).digestDecimal()).toBe('0');
});
