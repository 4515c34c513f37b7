import { expect, test } from 'vitest';
import { isOfUnknownAuthority } from '../../main/distrust.ts';
import { extendTrust, withSystemTrust, type Trust } from '../../main/system-trust.ts';

function node(): Trust & { readonly trusted: (readonly string[])[] } {
  const trusted: (readonly string[])[] = [];
  return { trusted, getCACertificates: () => ['Mozilla', 'extra'], setDefaultCACertificates: (certificates) => { trusted.push(certificates); } };
}

test('the system\'s authorities are trusted beside those that were trusted before', async () => {
  const trust = node();
  expect(await extendTrust(trust, async () => ['company'])).toBe(true);
  expect(trust.trusted).toEqual([['Mozilla', 'extra', 'company']]);
});

test('a Node that cannot do that is not asked, nor is the system', async () => {
  const { getCACertificates, setDefaultCACertificates } = node();
  const never = (): never => { throw new Error('It was asked.'); };
  expect(await Promise.all([{}, { getCACertificates }, { setDefaultCACertificates }].map((trust) => extendTrust(trust, never)))).toEqual([false, false, false]);
});

test.each([
  ['has none', async () => []],
  ['cannot be asked', async () => { throw new Error('No keychain.'); }],
])('nothing changes where the system %s', async (_what, system) => {
  const trust = node();
  expect(await extendTrust(trust, system)).toBe(false);
  expect(trust.trusted).toEqual([]);
});

test('certificates that cannot be read leave everything as it was', async () => {
  const trust = { ...node(), setDefaultCACertificates: () => { throw new Error('No PEM.'); } };
  expect(await extendTrust(trust, async () => ['broken'])).toBe(false);
});

test.each([
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true], ['UNABLE_TO_GET_ISSUER_CERT', true], ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
  ['SELF_SIGNED_CERT_IN_CHAIN', true], ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
  ['CERT_HAS_EXPIRED', false], ['ERR_TLS_CERT_ALTNAME_INVALID', false], ['INVALID_PURPOSE', false], ['CERT_REVOKED', false], ['ECONNRESET', false],
])('the system is asked about %s: %s', (code, asked) => {
  expect(isOfUnknownAuthority(Object.assign(new Error(), { code }))).toBe(asked);
});

/** Fails with this code the first time. */
function failsOnce(code: string): () => Promise<string> {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries === 1) throw Object.assign(new Error(), { code });
    return 'connected';
  };
}

test('what meets an authority that is not known is tried once more where the system\'s are trusted then', async () => {
  expect(await withSystemTrust(failsOnce('SELF_SIGNED_CERT_IN_CHAIN'), async () => true)).toBe('connected');
});

test('it fails as it did where nothing came of that, and what fails otherwise is not tried again', async () => {
  await expect(withSystemTrust(failsOnce('SELF_SIGNED_CERT_IN_CHAIN'), async () => false)).rejects.toMatchObject({ code: 'SELF_SIGNED_CERT_IN_CHAIN' });
  await expect(withSystemTrust(failsOnce('CERT_HAS_EXPIRED'), async () => true)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
});
