import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { AppState, Destination } from '../../preload/contract.ts';
import { FerryError } from '../../main/ferry-error.ts';
import { followLink } from '../../main/app/follow-link.ts';
import { isLink, parseLink } from '../../main/app/open-link.ts';
import { wordsIn } from '../../main/app/words.ts';

test('a link names a service and what belongs to it', () => {
  expect(parseLink('cos-ferry://upload?service=car&application-id=app-1x_Y')).toEqual({ service: 'car', applicationId: 'app-1x_Y' });
  expect(parseLink('cos-ferry://upload/?application-id=app-1&service=car')).toEqual({ service: 'car', applicationId: 'app-1' });
  expect(parseLink('cos-ferry://upload?service=car')).toEqual({ service: 'car' });
  expect(parseLink('cos-ferry://upload?service=ms&region=ap-shanghai')).toEqual({ service: 'ms', cosRegion: 'ap-shanghai' });
});

const hostile = [
  'cos-ferry://upload',
  'cos-ferry://upload?',
  'cos-ferry://upload?service=cos',
  'cos-ferry://upload?service=car&service=ms',
  'cos-ferry://upload?service=car&application-id=a&application-id=b',
  'cos-ferry://upload?application-id=app-1',
  'cos-ferry://upload?service=ms&application-id=app-1',
  'cos-ferry://upload?service=car&region=ap-shanghai',
  'cos-ferry://upload?service=car&application-id=',
  `cos-ferry://upload?service=car&application-id=${'a'.repeat(65)}`,
  'cos-ferry://upload?service=car&application-id=app%2d1',
  'cos-ferry://upload?service=car&application-id=../../etc',
  'cos-ferry://upload?service=car&application-id=app 1',
  'cos-ferry://upload?service=car&path=/etc/passwd',
  'cos-ferry://upload?service=car&file=C:\\Users',
  'cos-ferry://upload?service=car&api-endpoint=http://evil.test',
  'cos-ferry://upload?service=car#fragment',
  'cos-ferry://upload/etc/passwd?service=car',
  'cos-ferry://user:password@upload?service=car',
  'cos-ferry://upload:80?service=car',
  'cos-ferry:///upload?service=car',
  'cos-ferry:upload?service=car',
  'COS-FERRY://upload?service=car',
  ' cos-ferry://upload?service=car',
  'cos-ferry://upload?service=car\n',
  'cos-ferry://upload?service=car\0',
  'cos-ferry://upload?service=car" --no-sandbox',
  'cos-ferry://upload?service=car&toString=1',
  'cos-ferry://upload?service=car&__proto__=1',
  'https://upload?service=car',
];

test.each(hostile)('%j is no link to follow', (link) => {
  expect(parseLink(link)).toBeNull();
});

test('whatever a link is, nothing else than the fields of the window comes of it', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
    expect(parseLink(text)).toBeNull();
    const parsed = parseLink(`cos-ferry://upload?service=car&application-id=${text}`);
    if (parsed !== null) expect(parsed.applicationId).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  }));
});

test('a broken link is still told from a path', () => {
  for (const text of ['cos-ferry:', 'COS-Ferry:/etc/passwd', ' cos-ferry:..']) expect(isLink(text)).toBe(true);
  for (const text of ['/home/cos-ferry:', './cos-ferry:x', 'cos-ferry']) expect(isLink(text)).toBe(false);
});

function desk(refusal: FerryError | null = null) {
  let destination: Destination = { service: 'ms', applicationId: 'app-kept', cosRegion: 'ap-beijing', durationSeconds: 600 };
  const set = vi.fn((next: Destination) => {
    if (refusal) throw refusal;
    destination = next;
  });
  const shown: string[] = [];
  const state = () => ({ destination, accounts: [{ id: 'a', label: 'Studio' }], accountId: 'a' }) as unknown as AppState;
  const follow = (link: string) => followLink(link, {
    ferry: { appState: state, setDestination: set },
    notifier: { show: ({ title, body }) => shown.push(`${title}: ${body}`) },
    words: () => wordsIn('en'),
    log: { warn: () => undefined },
  });
  return { follow, set, shown };
}

test('following a link fills in the destination, keeps the rest, and says so', async () => {
  const { follow, set, shown } = desk();
  await follow('cos-ferry://upload?service=car&application-id=app-new');
  expect(set.mock.calls).toEqual([[{ service: 'car', applicationId: 'app-new', cosRegion: 'ap-beijing', durationSeconds: 600 }]]);
  expect(shown).toEqual(['A link has set the destination: The next drop goes to Cloud Application Rendering, application app-new, with the account Studio.']);
});

test('a link that cannot be followed changes nothing, and says so', async () => {
  const { follow, set, shown } = desk();
  await follow('cos-ferry://upload?service=car&path=/etc/passwd');
  expect(set).not.toHaveBeenCalled();
  expect(shown).toEqual(['The link was not followed: COS Ferry does not recognise this kind of link. Nothing was changed.']);
});

test('a locked destination is told as the reason', async () => {
  const { follow, shown } = desk(new FerryError({ code: 'destination-locked' }));
  await follow('cos-ferry://upload?service=car&application-id=app-new');
  expect(shown).toEqual(['The link was not followed: The destination is locked. Unlock it beside the destination, then choose another one.']);
});
