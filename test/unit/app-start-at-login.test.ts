import { expect, test } from 'vitest';
import { desktopEntry } from '../../main/app/desktop-entry.ts';
import { followStartAtLogin } from '../../main/app/follow-start-at-login.ts';
import { FerryError } from '../../main/ferry-error.ts';
import { initialOptions } from '../../main/options.ts';
import type { Ferry } from '../../main/uploads/ferry.ts';

test('what a desktop starts is quoted as the specification has it', () => {
  const entry = desktopEntry(['/opt/COS Ferry/cos-ferry', '/a "b" $c 100%\\d', '--hidden']);
  expect(entry.split('\n')).toContain('Exec="/opt/COS Ferry/cos-ferry" "/a \\\\"b\\\\" \\\\$c 100%%\\\\\\\\d" "--hidden"');
});

/** Preferences that tell who listens, as the engine does. */
function desk(set: (starts: boolean) => Promise<void>) {
  let options = { ...initialOptions };
  let tell: (state: { options: typeof options }) => void = () => undefined;
  const problems: string[] = [];
  const setPreferences = (change: { startsAtLogin?: boolean }): Promise<void> => {
    options = { ...options, ...change };
    tell({ options });
    return Promise.resolve();
  };
  const ferry = {
    appState: () => ({ options }),
    subscribe: (_event: string, listener: typeof tell) => { tell = listener; return () => undefined; },
    setPreferences,
  } as unknown as Ferry;
  followStartAtLogin({ ferry, set, onProblem: ({ code }) => problems.push(code) });
  return { setPreferences, problems, options: () => options, other: () => tell({ options }) };
}

test('the system is told of a change, once, and of nothing else', async () => {
  const told: boolean[] = [];
  const { setPreferences, other } = desk((starts) => { told.push(starts); return Promise.resolve(); });
  other();
  await setPreferences({ startsAtLogin: true });
  other();
  await setPreferences({ startsAtLogin: false });
  expect(told).toEqual([true, false]);
});

test('a system that refuses is told to the person, and the setting goes back', async () => {
  let asked = 0;
  const { setPreferences, problems, options } = desk(() => { asked += 1; return Promise.reject(new FerryError({ code: 'login-item-refused' })); });
  await setPreferences({ startsAtLogin: true });
  await expect.poll(() => options().startsAtLogin).toBe(false);
  expect(problems).toEqual(['login-item-refused']);
  expect(asked).toBe(1);
});
