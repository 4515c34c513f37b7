import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MemoryKeychain, sandboxDraft, startEngine, type Engine } from '../support/engine.ts';
import { Gates } from '../support/slow-sandbox.ts';

let engine: Engine;
let folder: string;
const gates = new Gates();
const keychain = new MemoryKeychain();

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-source-'));
  engine = await startEngine({ keychain, sandbox: { faults: gates.faults } });
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
});

afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

test('a report tells what happened to an upload, with its codes and RequestIds and no secret', async () => {
  let troubles = 1;
  gates.answers.set('UploadPart', ({ req, res }) => {
    if (troubles-- <= 0) return false;
    req.resume();
    res.writeHead(503, { 'Content-Type': 'application/xml', 'x-cos-request-id': 'R-503' }).end('<Error><Code>SlowDown</Code></Error>');
    return true;
  });
  const source = path.join(folder, 'app.apk');
  await writeFile(source, randomBytes(9_000_000));
  gates.close('CompleteMultipartUpload');
  await engine.drop([source], { service: 'ms' });
  await gates.reached('CompleteMultipartUpload');
  const kept = [...keychain.keys].filter(([name]) => name.startsWith('upload:')).map(([, value]) => JSON.parse(value) as Record<string, string>);
  expect(kept).toHaveLength(1);
  engine.sandbox.rules.denyHead = true;
  gates.answers.set('CompleteMultipartUpload', ({ req, res }) => {
    req.resume();
    res.writeHead(403, { 'Content-Type': 'application/xml', 'x-cos-request-id': 'R-403' }).end('<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>');
    return true;
  });
  gates.open('CompleteMultipartUpload');
  const [upload] = await engine.finished();
  const text = engine.ferry.report(upload!.id)!;
  const report = JSON.parse(text) as { upload: object; history: { what: string }[] };
  expect(report.upload).toMatchObject({
    name: 'app.apk', service: 'ms',
    state: { phase: 'failed', problem: { code: 'store-access-denied', serviceCode: 'AccessDenied', requestId: 'R-403' } },
  });
  expect(report.history).toEqual(expect.arrayContaining([
    expect.objectContaining({ what: 'credential', requestId: expect.any(String) as string }) as object,
    expect.objectContaining({ what: 'begun' }) as object,
    expect.objectContaining({ what: 'retry', serviceCode: 'SlowDown', requestId: 'R-503' }) as object,
  ]));
  for (const secret of [engine.sandbox.accounts[0]!.secretKey, kept[0]!['tmpSecretKey']!, kept[0]!['token']!]) expect(text).not.toContain(secret);
  expect(text).not.toContain(folder);
});

test('a failure that the system describes with the whole path shows no more of it than the name', async () => {
  await engine.drop([path.join(folder, 'gone.apk')], { service: 'ms' });
  const [upload] = await engine.finished();
  const text = engine.ferry.report(upload!.id)!;
  expect(text).toContain('gone.apk');
  expect(text).not.toContain(folder);
});
