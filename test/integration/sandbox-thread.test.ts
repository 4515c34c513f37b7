import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startSandboxThread } from '../../main/sandbox/start-sandbox-thread.ts';

test('the sandbox serves from a thread of its own until it is closed', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'ferry-thread-'));
  const sandbox = await startSandboxThread({ directory });
  expect(sandbox.accounts[0]).toMatchObject({ secretId: expect.stringMatching(/^AKID/) as string });
  const refused = await fetch(`${sandbox.url}/`, { method: 'POST', headers: { 'x-tc-action': 'CreateCosSecKeyInstance' }, body: '{}' });
  expect(await refused.text()).toContain('AuthFailure');
  expect(sandbox.objectPath('b-1', 'p/a.bin')).toBe(path.join(sandbox.objectsDirectory, 'b-1', 'p', 'a.bin'));
  await sandbox.close();
  await expect(fetch(sandbox.url)).rejects.toThrow();
  await rm(directory, { recursive: true });
});

test('a sandbox that cannot start says so', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'ferry-thread-'));
  await writeFile(path.join(directory, 'file'), '');
  await expect(startSandboxThread({ directory: path.join(directory, 'file') })).rejects.toMatchObject({ problem: { code: 'sandbox-unavailable' } });
  await rm(directory, { recursive: true });
});
