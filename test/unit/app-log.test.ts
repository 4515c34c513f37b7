import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRedaction } from '../../main/log-redaction.ts';
import { createLog, logLevel } from '../../main/log.ts';
import type { LogLevel } from '../../main/log.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function fileLog(level: LogLevel = 'info') {
  const directory = join(temporaryFolder(), 'logs');
  const log = createLog({ directory, level, console: false });
  return { log, directory, written: () => readFileSync(join(directory, 'main.log'), 'utf8') };
}

describe('the log', () => {
  it('writes its level and above to main.log', () => {
    const { log, written } = fileLog('warn');
    log.info('not this');
    log.warn('but this', { part: 7 });
    log.error('and this', new Error('a cause'));
    expect(written()).not.toContain('not this');
    expect(written()).toMatch(/\[warn\]\s+but this \{ part: 7 \}/);
    expect(written()).toContain('Error: a cause');
  });

  it('never writes a registered secret: in the words, inside objects and errors, encoded in a URL or in JSON', () => {
    const { log, written } = fileLog();
    const secret = 'p+ss/"w0rd';
    log.redact(secret);
    log.info(`using ${secret}`);
    log.info('nested', { deep: { list: [secret] } });
    log.error('failed', new Error(`refused ${secret}`));
    log.info(`https://example.com/?k=${encodeURIComponent(secret)}`);
    log.info(JSON.stringify({ secret }));
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) expect(written()).not.toContain(form);
    expect(written()).toContain('refused [redacted]');
  });

  it.each([
    ['a SecretKey in an object', { SecretKey: 'Gu5t9xGARNpq86cd98joQYCN3' }],
    ['a draft', { secretId: 'AKID', secretKey: 'Gu5t9xGARNpq86cd98joQYCN3' }],
    ['a temporary key', { CosKey: 'Gu5t9xGARNpq86cd98joQYCN3' }],
    ['a token', { SessionToken: 'Gu5t9xGARNpq86cd98joQYCN3' }],
    ['the deprecated token', { CosTocken: 'Gu5t9xGARNpq86cd98joQYCN3' }],
    ['a token header', { headers: { 'x-cos-security-token': 'Gu5t9xGARNpq86cd98joQYCN3' } }],
    ['a token in JSON', '{"CosToken":"Gu5t9xGARNpq86cd98joQYCN3"}'],
    ['a signed URL', 'GET /a?q-ak=AKID&q-signature=Gu5t9xGARNpq86cd98joQYCN3&x=1'],
    ['an Authorization of API 3.0', { Authorization: 'TC3-HMAC-SHA256 Credential=AKID/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=Gu5t9xGARNpq86cd98joQYCN3' }],
    ['a raw header', 'Authorization: q-sign-algorithm=sha1&q-ak=AKID&q-signature=Gu5t9xGARNpq86cd98joQYCN3'],
  ])('never writes what looks like %s', (_what, value) => {
    const { log, written } = fileLog();
    log.info('seen:', value);
    expect(written()).toContain('[redacted]');
    expect(written()).not.toContain('Gu5t9xGARNpq86cd98joQYCN3');
  });

  it('forgets a secret once it has been worth nothing for a day, and no other', () => {
    let nowMs = 1_000;
    const redaction = createRedaction(() => nowMs);
    redaction.add('for-good-abc');
    redaction.add('for-an-hour-abc', nowMs + 3_600_000);
    nowMs += 25 * 3_600_000 - 1;
    redaction.add('another-abc');
    expect(redaction.apply('for-an-hour-abc for-good-abc')).toBe('[redacted] [redacted]');
    nowMs += 2;
    redaction.add('another-abc');
    expect(redaction.apply('for-an-hour-abc for-good-abc another-abc')).toBe('for-an-hour-abc [redacted] [redacted]');
  });

  it('leaves harmless text alone, and a secret too short to be one', () => {
    const { log, written } = fileLog();
    log.redact('a');
    log.info('part 12 of assets/logo.png, ETag "d41d8cd98f00b204e9800998ecf8427e", requestId 4eb17e58-68da');
    expect(written()).toContain('part 12 of assets/logo.png, ETag "d41d8cd98f00b204e9800998ecf8427e", requestId 4eb17e58-68da');
  });

  it('is readable by its owner alone', () => {
    const { log, directory } = fileLog();
    log.info('here');
    if (process.platform !== 'win32') expect(statSync(join(directory, 'main.log')).mode & 0o077).toBe(0);
  });

  it('starts a new file past five megabytes and keeps the old one', () => {
    const { log, directory, written } = fileLog();
    writeFileSync(join(directory, 'main.log'), 'x'.repeat(5_000_001));
    log.info('a new page');
    expect(readdirSync(directory).toSorted()).toEqual(['main.log', 'main.old.log']);
    expect(written()).toMatch(/a new page\s*$/);
    expect(written().length).toBeLessThan(200);
  });

  it('keeps two logs apart', () => {
    const first = fileLog();
    const second = fileLog();
    first.log.info('one');
    second.log.info('two');
    expect(first.written()).not.toContain('two');
    expect(second.written()).not.toContain('one');
  });

  it('goes without a file where its folder cannot be made', () => {
    const file = join(temporaryFolder(), 'taken');
    writeFileSync(file, '');
    const log = createLog({ directory: join(file, 'logs'), level: 'info', console: false });
    expect(() => log.info('nowhere')).not.toThrow();
  });

  it('takes its level from the environment, and info where that makes no sense', () => {
    expect(logLevel('DEBUG')).toBe('debug');
    expect(logLevel('loud')).toBe('info');
    expect(logLevel(undefined)).toBe('info');
  });
});
