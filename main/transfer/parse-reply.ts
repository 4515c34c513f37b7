import type { IncomingHttpHeaders } from 'node:http';
import type { HttpReply } from '../http-agents.ts';

export interface ParsedReply {
  readonly reply: HttpReply;
  /** Another request may go on its connection. */
  readonly keepsAlive: boolean;
}

// COS's answers to a PUT are far smaller.
const mostReplyBytes = 1024 * 1024;
const headEnd = '\r\n\r\n';
const broken = (what: string): Error => new Error(`The reply is broken: ${what}.`);

/**
 * A whole reply to a PUT, by RFC 9112, of all the bytes that came for it; `ended` where no more come.
 * null where some are missing. Throws an Error where it is no reply.
 */
export function parseReply(bytes: Buffer, ended: boolean): ParsedReply | null {
  if (bytes.length > mostReplyBytes) throw broken('it is too long');
  const end = bytes.indexOf(headEnd);
  if (end < 0) return null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [, version, code] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(first) ?? [];
  if (code === undefined) throw broken('no status');
  const status = Number(code);
  const rest = bytes.subarray(end + headEnd.length);
  // Such as 100 Continue: the reply itself follows.
  if (status < 200) return parseReply(rest, ended);
  const headers = headersOf(lines);
  const body = bodyOf(status, headers, rest, ended);
  if (!body) return null;
  const keepsAlive = version === '1' && body.isFramed && body.after === rest.length && !/\bclose\b/i.test(headers.connection ?? '');
  return { reply: { status, headers, text: body.text }, keepsAlive };
}

function headersOf(lines: readonly string[]): IncomingHttpHeaders & Partial<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon < 1 || /[\s\0]/.test(name)) throw broken('a header without a name');
    const value = line.slice(colon + 1).trim();
    // Two lengths are two opinions about where it ends.
    if (name === 'content-length' && headers[name] !== undefined && headers[name] !== value) throw broken('two lengths');
    // Of these each says something of its own.
    if (name === 'connection' || name === 'transfer-encoding') headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    else headers[name] ??= value;
  }
  return headers;
}

interface ReplyBody {
  readonly text: string;
  /** Where it ends in the bytes. */
  readonly after: number;
  /** It says itself where it ends. */
  readonly isFramed: boolean;
}

function bodyOf(status: number, headers: Partial<Record<string, string>>, bytes: Buffer, ended: boolean): ReplyBody | null {
  const { 'transfer-encoding': coding, 'content-length': length } = headers;
  if (status === 204 || status === 304) return { text: '', after: 0, isFramed: true };
  if (coding !== undefined) {
    if (coding.toLowerCase() !== 'chunked' || length !== undefined) throw broken('its length cannot be told');
    return chunked(bytes);
  }
  if (length === undefined) return ended ? { text: bytes.toString(), after: bytes.length, isFramed: false } : null;
  if (!/^\d{1,15}$/.test(length)) throw broken('its length is no number');
  const after = Number(length);
  return bytes.length < after ? null : { text: bytes.toString('utf8', 0, after), after, isFramed: true };
}

function chunked(bytes: Buffer): ReplyBody | null {
  const pieces: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const [size] = bytes.toString('latin1', at, lineEnd).split(';');
    if (!/^[\da-f]{1,8}$/i.test(size?.trim() ?? '')) throw broken('a chunk without a size');
    const start = lineEnd + 2;
    const after = start + Number.parseInt(size ?? '', 16);
    if (after === start) {
      // Nothing is read of the trailer but where it ends.
      const end = bytes.indexOf(headEnd, lineEnd);
      return end < 0 ? null : { text: Buffer.concat(pieces).toString(), after: end + headEnd.length, isFramed: true };
    }
    if (bytes.length < after + 2) return null;
    if (bytes[after] !== 13 || bytes[after + 1] !== 10) throw broken('a chunk of another size');
    pieces.push(bytes.subarray(start, after));
    at = after + 2;
  }
}
