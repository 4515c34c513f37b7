import { describe, expect, test } from 'vitest';
import { parseReply } from '../../main/transfer/parse-reply.ts';

const reply = (...lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'));

const counted = reply('HTTP/1.1 200 OK', 'ETag: "e"', 'x-cos-request-id:  r ', 'Content-Length: 6', '', 'héllo');
const inChunks = reply('HTTP/1.1 400 Bad Request', 'Transfer-Encoding: chunked', '', '3;x=y', 'abc', '2', 'de', '0', 'Trailer: t', '', '');
const afterContinue = reply('HTTP/1.1 100 Continue', '', 'HTTP/1.1 200 OK', 'Content-Length: 0', '', '');

test.each([
  ['of a told length', counted, { status: 200, headers: { etag: '"e"', 'x-cos-request-id': 'r', 'content-length': '6' }, text: 'héllo' }],
  ['in chunks', inChunks, { status: 400, headers: { 'transfer-encoding': 'chunked' }, text: 'abcde' }],
  ['that follows a 100 Continue', afterContinue, { status: 200, headers: { 'content-length': '0' }, text: '' }],
  ['that has no body', reply('HTTP/1.1 204 No Content', '', ''), { status: 204, headers: {}, text: '' }],
])('a reply %s is read when its last byte is there, and not before', (_what, bytes, expected) => {
  for (let length = 0; length < bytes.length; length++) expect(parseReply(bytes.subarray(0, length), false)).toBeNull();
  expect(parseReply(bytes, false)).toEqual({ reply: expected, keepsAlive: true });
});

test('two lines of one header that says when it ends both count', () => {
  const bytes = reply('HTTP/1.1 200 OK', 'Connection: keep-alive', 'Connection: close', 'Content-Length: 0', '', '');
  expect(parseReply(bytes, false)).toMatchObject({ keepsAlive: false });
});

test('a reply of no told length ends with its connection', () => {
  const bytes = reply('HTTP/1.1 200 OK', '', 'all there is');
  expect(parseReply(bytes, false)).toBeNull();
  expect(parseReply(bytes, true)).toMatchObject({ reply: { text: 'all there is' }, keepsAlive: false });
});

test('a reply of a told length that is cut short is none, also at the end', () => {
  expect(parseReply(counted.subarray(0, -1), true)).toBeNull();
  expect(parseReply(inChunks.subarray(0, -1), true)).toBeNull();
});

test.each([
  ['says so', reply('HTTP/1.1 200 OK', 'Connection: Close', 'Content-Length: 0', '', '')],
  ['is HTTP/1.0', reply('HTTP/1.0 200 OK', 'Content-Length: 0', '', '')],
  ['is followed by what nobody asked for', reply('HTTP/1.1 200 OK', 'Content-Length: 0', '', 'more')],
])('no other request goes on the connection of a reply that %s', (_what, bytes) => {
  expect(parseReply(bytes, false)).toMatchObject({ reply: { status: 200 }, keepsAlive: false });
});

describe('no reply is', () => {
  test.each([
    ['what is no HTTP', reply('SSH-2.0-x', '', '')],
    ['one of two lengths', reply('HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 2', '', 'ab')],
    ['one of a length that is no number', reply('HTTP/1.1 200 OK', 'Content-Length: -1', '', '')],
    ['one of a length and of chunks', reply('HTTP/1.1 200 OK', 'Content-Length: 3', 'Transfer-Encoding: chunked', '', '0', '', '')],
    ['one that is packed', reply('HTTP/1.1 200 OK', 'Transfer-Encoding: gzip, chunked', '', '0', '', '')],
    ['one with a chunk of no size', reply('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'z', 'a', '0', '', '')],
    ['one with a chunk of another size', reply('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '1', 'abc', '0', '', '')],
    ['one with a header without a name', reply('HTTP/1.1 200 OK', ': x', '', '')],
    ['one that never ends', Buffer.alloc(1024 * 1024 + 1, 'x')],
  ])('%s', (_what, bytes) => {
    expect(() => parseReply(bytes, false)).toThrow();
  });
});
