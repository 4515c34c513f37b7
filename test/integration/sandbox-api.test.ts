import { describe, expect, test } from 'vitest';
import { apiClient, carClient, msClient, openSandbox, plainRequest } from './sandbox-clients.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('CreateCosSecKeyInstance', () => {
  test('answers the fields of its document, the deprecated token beside the current one', async () => {
    const sandbox = await openSandbox();
    const reply = await msClient(sandbox).request('CreateCosSecKeyInstance', { CosRegion: 'ap-shanghai' });
    expect(reply).toEqual({
      CosAppid: 1250000000,
      CosBucket: 'ms-sandbox',
      CosRegion: 'ap-shanghai',
      ExpireTime: 3600,
      CosId: expect.stringMatching(/^AKID/),
      CosKey: expect.any(String),
      CosPrefix: expect.stringMatching(/^pctool\/1250000000\/\d+$/),
      CosToken: expect.any(String),
      CosTocken: reply.CosToken,
      RequestId: expect.stringMatching(uuid),
    });
  });

  test('takes Guangzhou where no region is asked for', async () => {
    const sandbox = await openSandbox();
    expect(await msClient(sandbox).request('CreateCosSecKeyInstance', {})).toMatchObject({ CosRegion: 'ap-guangzhou' });
  });

  test('grants the duration asked for, within its bounds', async () => {
    const client = msClient(await openSandbox());
    for (const Duration of [60, 1200, 7200]) {
      expect(await client.request('CreateCosSecKeyInstance', { Duration })).toMatchObject({ ExpireTime: Duration });
    }
    for (const Duration of [59, 7201, 0]) {
      await expect(client.request('CreateCosSecKeyInstance', { Duration })).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    }
  });

  test('gives each credential a prefix of its own, or always the same one', async () => {
    const sandbox = await openSandbox();
    const prefix = async () => (await msClient(sandbox).request('CreateCosSecKeyInstance', {})).CosPrefix;
    expect(await prefix()).not.toBe(await prefix());
    sandbox.rules.rotateScopes = false;
    expect(await prefix()).toBe(await prefix());
  });

  test.each([
    [{ CosRegion: 'Guangzhou' }, 'InvalidParameterValue'],
    [{ CosRegion: 7 }, 'InvalidParameter'],
    [{ Duration: '1200' }, 'InvalidParameter'],
    [{ Lifetime: 1200 }, 'UnknownParameter'],
  ])('refuses %j', async (parameters, code) => {
    await expect(msClient(await openSandbox()).request('CreateCosSecKeyInstance', parameters)).rejects.toMatchObject({ code });
  });
});

describe('DescribeCosCredential', () => {
  test('answers the fields of its document, with times of the server’s clock', async () => {
    const nowMs = Date.now() + 100_000;
    const sandbox = await openSandbox({ now: () => nowMs, credentialLifeSeconds: 900 });
    const reply = await carClient(sandbox).request('DescribeCosCredential', { ApplicationId: 'app-sandbox', ApplicationFileName: 'x.RAR' });
    expect(reply).toEqual({
      SecretID: expect.stringMatching(/^AKID/),
      SecretKey: expect.any(String),
      SessionToken: expect.any(String),
      CosBucket: 'car-sandbox-1250000000',
      CosRegion: 'ap-guangzhou',
      Path: expect.stringMatching(/^1250000000\/app-sandbox\/ver-[0-9a-f]+\/app-sandbox\.rar$/),
      StartTime: Math.floor(nowMs / 1000),
      ExpiredTime: Math.floor(nowMs / 1000) + 900,
      RequestId: expect.stringMatching(uuid),
    });
  });

  test('gives each credential a version of its own, or always the same one', async () => {
    const sandbox = await openSandbox();
    const path = async () => (await carClient(sandbox).request('DescribeCosCredential', { ApplicationId: 'app-sandbox' })).Path;
    expect(await path()).not.toBe(await path());
    sandbox.rules.rotateScopes = false;
    expect(await path()).toBe(await path());
  });

  test.each([
    [{ ApplicationId: 'app-elsewhere' }, 'FailedOperation.ApplicationNotFind'],
    [{}, 'MissingParameter'],
    [{ ApplicationId: '' }, 'InvalidParameterValue'],
    [{ ApplicationId: '../app' }, 'InvalidParameterValue'],
    [{ ApplicationId: 7 }, 'InvalidParameter'],
    [{ ApplicationId: 'app-sandbox', ApplicationFileName: 'game.exe' }, 'InvalidParameterValue'],
    [{ ApplicationId: 'app-sandbox', CosRegion: 'ap-guangzhou' }, 'UnknownParameter'],
  ])('refuses %j with %s', async (parameters, code) => {
    await expect(carClient(await openSandbox()).request('DescribeCosCredential', parameters)).rejects.toMatchObject({ code });
  });

  test('knows the applications it was given', async () => {
    const client = carClient(await openSandbox({ applications: ['app-game'] }));
    await expect(client.request('DescribeCosCredential', { ApplicationId: 'app-game' })).resolves.toHaveProperty('Path');
    await expect(client.request('DescribeCosCredential', { ApplicationId: 'app-sandbox' })).rejects.toHaveProperty('code');
  });
});

describe('the official client is refused', () => {
  test('with a wrong SecretKey', async () => {
    const sandbox = await openSandbox();
    const account = { ...sandbox.accounts[0]!, secretKey: 'wrong' };
    await expect(msClient(sandbox, account).request('CreateCosSecKeyInstance', {})).rejects.toMatchObject({ code: 'AuthFailure.SignatureFailure', requestId: expect.stringMatching(uuid) });
  });

  test('with a SecretId nobody has', async () => {
    const sandbox = await openSandbox();
    const account = { ...sandbox.accounts[0]!, secretId: 'AKIDnobody' };
    await expect(msClient(sandbox, account).request('CreateCosSecKeyInstance', {})).rejects.toMatchObject({ code: 'AuthFailure.SecretIdNotFound' });
  });

  test.each([-301_000, 302_000])('when its clock is %i ms off', async (offsetMs) => {
    const sandbox = await openSandbox({ now: () => Date.now() - offsetMs });
    await expect(msClient(sandbox).request('CreateCosSecKeyInstance', {})).rejects.toMatchObject({ code: 'AuthFailure.SignatureExpire' });
  });

  test('with an action or a version there is not', async () => {
    const sandbox = await openSandbox();
    await expect(msClient(sandbox).request('CreateEverything', {})).rejects.toMatchObject({ code: 'InvalidAction' });
    await expect(apiClient(sandbox, '2017-01-01').request('CreateCosSecKeyInstance', {})).rejects.toMatchObject({ code: 'NoSuchVersion' });
  });

  test('beyond twenty requests a second for one action, but not for the other', async () => {
    const nowMs = Date.now();
    let laterMs = 0;
    const sandbox = await openSandbox({ now: () => nowMs + laterMs });
    const ask = () => msClient(sandbox).request('CreateCosSecKeyInstance', {}).then(() => 'answered', (error: { code: string }) => error.code);
    const answers = await Promise.all(Array.from({ length: 22 }, ask));
    expect(answers.filter((answer) => answer === 'answered')).toHaveLength(20);
    expect(answers.filter((answer) => answer === 'RequestLimitExceeded')).toHaveLength(2);
    await expect(carClient(sandbox).request('DescribeCosCredential', { ApplicationId: 'app-sandbox' })).resolves.toHaveProperty('Path');
    laterMs = 1000;
    expect(await ask()).toBe('answered');
  });
});

test('any of several accounts may call', async () => {
  const accounts = [{ secretId: 'AKIDone', secretKey: 'one' }, { secretId: 'AKIDtwo', secretKey: 'two' }];
  const sandbox = await openSandbox({ accounts });
  for (const account of accounts) {
    await expect(msClient(sandbox, account).request('CreateCosSecKeyInstance', {})).resolves.toHaveProperty('CosId');
  }
});

test('a refusal is HTTP 200 with an Error beside the RequestId, and tells the server’s time', async () => {
  const nowMs = Date.parse('2031-05-06T07:08:09Z');
  const sandbox = await openSandbox({ now: () => nowMs });
  const reply = await plainRequest(sandbox, {
    method: 'POST', path: '/', body: Buffer.from('{}'), headers: { 'X-TC-Action': 'CreateCosSecKeyInstance', 'Content-Type': 'application/json' },
  });
  expect(reply.status).toBe(200);
  expect(reply.headers.date).toBe('Tue, 06 May 2031 07:08:09 GMT');
  expect(JSON.parse(reply.body)).toEqual({
    Response: {
      Error: { Code: 'AuthFailure.InvalidAuthorization', Message: expect.any(String) },
      RequestId: expect.stringMatching(uuid),
    },
  });
});

test('the log of requests names what was asked and how it ended, and holds no secret', async () => {
  const nowMs = Date.now();
  const sandbox = await openSandbox({ now: () => nowMs });
  const reply = await msClient(sandbox).request('CreateCosSecKeyInstance', {});
  await expect(carClient(sandbox).request('DescribeCosCredential', {})).rejects.toThrow();
  expect(sandbox.requests()).toEqual([
    { method: 'POST', operation: 'CreateCosSecKeyInstance', status: 200, code: null, atMs: nowMs },
    { method: 'POST', operation: 'DescribeCosCredential', status: 200, code: 'MissingParameter', atMs: nowMs },
  ]);
  for (const secret of [reply.CosKey, reply.CosToken, sandbox.accounts[0]!.secretKey]) {
    expect(JSON.stringify(sandbox.requests())).not.toContain(secret);
  }
});

test('a port that is taken is a failure with a name', async () => {
  const sandbox = await openSandbox();
  await expect(openSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toMatchObject({ problem: { code: 'sandbox-unavailable' } });
});
