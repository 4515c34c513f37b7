import { expect, test } from 'vitest';
import { fillTcpChecksum } from '../bench/programs/tcp-checksum.ts';

const headers = 8 + 14;

/** A TCP segment in IPv4 in Ethernet in VXLAN, with rubbish for a checksum. */
function datagram(payloadBytes: number, protocol = 6): Buffer {
  const tcpBytes = 20 + payloadBytes;
  const packet = Buffer.alloc(headers + 20 + tcpBytes, 0x5a);
  packet.writeUInt16BE(0x0800, headers - 2);
  packet[headers] = 0x45;
  packet.writeUInt16BE(20 + tcpBytes, headers + 2);
  packet[headers + 9] = protocol;
  return packet;
}

/** RFC 9293: all 16-bit words of the pseudo header and the segment, checksum included, come to 0xffff. */
function sumOf(packet: Buffer): number {
  const segment = packet.subarray(headers + 20);
  const pseudo = Buffer.concat([packet.subarray(headers + 12, headers + 20), Buffer.from([0, 6, segment.length >> 8, segment.length & 255])]);
  const all = Buffer.concat([pseudo, segment, Buffer.alloc(segment.length % 2)]);
  let sum = 0;
  for (let at = 0; at < all.length; at += 2) sum += all.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

test.each([0, 1, 100, 1459, 1460])('a segment with %i bytes of payload gets the checksum that its receiver expects', (payloadBytes) => {
  const packet = datagram(payloadBytes);
  expect(sumOf(packet)).not.toBe(0xffff);
  fillTcpChecksum(packet);
  expect(sumOf(packet)).toBe(0xffff);
});

test('what is not TCP stays as it is', () => {
  const packet = datagram(100, 17);
  const before = Buffer.from(packet);
  fillTcpChecksum(packet);
  expect(packet.equals(before)).toBe(true);
  fillTcpChecksum(Buffer.alloc(10));
});
