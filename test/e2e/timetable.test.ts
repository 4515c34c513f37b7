import { afterAll, beforeAll, expect, test } from 'vitest';
import { request, screenshot } from '../setup/app-driver.ts';
import { startApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => { app = await startApp(); });
afterAll(() => app.dispose());

test('the hours of the timetable are shown and typed as the app\'s language writes them', async () => {
  const { page } = app.running;
  await request(page, 'setLimits', { ...(await request(page, 'getState')).app.limits, timetable: [{ fromMinute: 540, toMinute: 1290, bytesPerSecond: 5e6 }] });
  for (const [languageChoice, name, tab, from, to, typed, minute] of [
    ['en', 'Settings', 'Transfers', 'From', 'to', '10 pm', 1320],
    ['zh-CN', '设置', '传输', '从', '到', '下午11:30', 1410],
  ] as const) {
    await request(page, 'setPreferences', { languageChoice });
    await page.getByRole('button', { name, exact: true }).click();
    const dialog = page.getByRole('dialog', { name });
    await dialog.getByRole('tab', { name: tab }).click();
    const [start, end] = [dialog.getByLabel(from, { exact: true }), dialog.getByLabel(to, { exact: true })];
    expect(await start.inputValue()).toBe(languageChoice === 'en' ? '9:00 AM' : '09:00');
    await end.fill(typed);
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await request(page, 'getState')).app.limits.timetable[0]?.toMinute).toBe(minute);
    await end.fill('noon');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.locator('[aria-invalid=true]').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value))).toEqual(['noon']);
    await screenshot(page, `settings-hours-${languageChoice}`);
    await page.keyboard.press('Escape');
  }
  await request(page, 'setPreferences', { languageChoice: 'en' });
  await request(page, 'setLimits', { ...(await request(page, 'getState')).app.limits, timetable: [] });
});
