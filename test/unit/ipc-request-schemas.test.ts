import { resolve } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { requestSchemas } from '../../main/ipc/request-schemas.ts';
import type { AccountDraft, Destination } from '../../preload/contract.ts';

const accepts = (name: keyof typeof requestSchemas, ...args: unknown[]): boolean => v.is(requestSchemas[name], args);

const draft: AccountDraft = {
  label: '', site: 'china', secretId: '', secretKey: '', apiEndpoint: null, cosDomain: null, sessionOnly: false,
};
const destination: Destination = { service: 'car', applicationId: 'app-1', cosRegion: '', durationSeconds: null };

describe('arguments of requests', () => {
  it('lets an unfinished form pass, for the engine to say in words what is missing', () => {
    expect(accepts('addAccount', draft)).toBe(true);
    expect(accepts('setDestination', { ...destination, applicationId: '', durationSeconds: -1 })).toBe(true);
  });

  it('refuses an unknown field, a missing one and an unknown choice', () => {
    const { site: _site, ...withoutSite } = draft;
    expect(accepts('addAccount', { ...draft, admin: true })).toBe(false);
    expect(accepts('addAccount', withoutSite)).toBe(false);
    expect(accepts('setDestination', { ...destination, service: 'cdn' })).toBe(false);
    expect(accepts('setDestination', { ...destination, durationSeconds: Number.NaN })).toBe(false);
    expect(accepts('setPreferences', { themeChoice: 'pink' })).toBe(false);
  });

  it('accepts any part of the preferences, but no undefined ones', () => {
    expect(accepts('setPreferences', {})).toBe(true);
    expect(accepts('setPreferences', { languageChoice: 'zh-CN' })).toBe(true);
    expect(accepts('setPreferences', { languageChoice: undefined })).toBe(false);
  });

  it('refuses arguments too many and too few', () => {
    expect(accepts('getState')).toBe(true);
    expect(accepts('getState', 1)).toBe(false);
    expect(accepts('removeAccount')).toBe(false);
    expect(accepts('answerPendingDrop', 'd1')).toBe(false);
    expect(accepts('answerPendingDrop', 'd1', null)).toBe(true);
  });

  it('accepts only absolute paths, of any script and with spaces', () => {
    const path = resolve('/tmp/包 裹 📦.zip');
    expect(accepts('dropPaths', [path], null)).toBe(true);
    expect(accepts('dropPaths', [path, 'relative.zip'], null)).toBe(false);
    expect(accepts('dropPaths', [`${path}\0`], null)).toBe(false);
    expect(accepts('dropPaths', [], null)).toBe(false);
    expect(accepts('dropPaths', path, null)).toBe(false);
  });

  it('takes a target by its account and destination, never by a host, and the console by its site, never by a URL', () => {
    const target = { accountId: 'a', destination: { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null } };
    const elsewhere = { ...target, cosDomain: 'evil.test' };
    const elsewhereWithin = { ...target, destination: { ...target.destination, apiEndpoint: 'https://evil.test' } };
    const path = resolve('/tmp/a.zip');
    expect([accepts('useDestination', target), accepts('dropPaths', [path], target)]).toEqual([true, true]);
    for (const wrong of [elsewhere, elsewhereWithin]) {
      expect([accepts('useDestination', wrong), accepts('dropPaths', [path], wrong)]).toEqual([false, false]);
    }
    expect(accepts('openKeyConsole', 'china')).toBe(true);
    expect(accepts('openKeyConsole', 'https://evil.test')).toBe(false);
  });

  it('bounds every text and list', () => {
    expect(accepts('addAccount', { ...draft, label: 'x'.repeat(2_001) })).toBe(false);
    expect(accepts('copyText', 'x'.repeat(100_000))).toBe(true);
    expect(accepts('copyText', 'x'.repeat(100_001))).toBe(false);
    expect(accepts('cancelUploads', ['x'.repeat(201)])).toBe(false);
    expect(accepts('dropPaths', Array.from({ length: 100_001 }, () => resolve('/a')), null)).toBe(false);
  });
});
