const vxlanBytes = 8;
const ethernetBytes = 14;
const ipv4 = 0x0800;
const tcp = 6;

/**
 * Fills in the TCP checksum of an IPv4 packet inside a VXLAN datagram. The kernel leaves it to the
 * network card, and between two namespaces there is none.
 */
export function fillTcpChecksum(datagram: Buffer): void {
  const ip = vxlanBytes + ethernetBytes;
  if (datagram.length < ip + 20 || datagram.readUInt16BE(ip - 2) !== ipv4 || datagram[ip + 9] !== tcp) return;
  const segment = ip + (datagram.readUInt8(ip) & 15) * 4;
  const end = ip + datagram.readUInt16BE(ip + 2);
  datagram.writeUInt16BE(0, segment + 16);
  // The pseudo header: both addresses, the protocol and the length.
  let sum = tcp + (end - segment);
  for (let at = ip + 12; at < ip + 20; at += 2) sum += datagram.readUInt16BE(at);
  for (let at = segment; at + 1 < end; at += 2) sum += ((datagram[at] ?? 0) << 8) | (datagram[at + 1] ?? 0);
  if ((end - segment) % 2 === 1) sum += (datagram[end - 1] ?? 0) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  datagram.writeUInt16BE(~sum & 0xffff, segment + 16);
}
