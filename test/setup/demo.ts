import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Destination, UploadView } from '../../preload/contract.ts';
import { dropFiles, launchApp, request, screenshot, startAtOnce } from './app-driver.ts';
import { watchUploads } from './upload-watch.ts';

const car: Destination = { service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null };
const ms: Destination = { ...car, service: 'ms' };

/**
 * What a person does first, by script: drops a folder for car and a file for ms on the real
 * window, into the sandbox. Prints what happens, and returns whether everything arrived.
 */
export async function demo(): Promise<boolean> {
  const directory = await mkdtemp(path.join(tmpdir(), 'cos-ferry-demo-'));
  try {
    const samples = await makeSamples(directory);
    const app = await launchApp({ userDataDirectory: path.join(directory, 'user-data'), env: { LANGUAGE: process.env['LANGUAGE'], LANG: process.env['LANG'] } });
    try {
      const watch = await watchUploads(app.page, ({ service, name }, phase) => { console.log(`  ${service}  ${name}: ${phase}`); });
      await startAtOnce(app.page);
      const uploads: UploadView[] = [];
      for (const [destination, sample] of [[car, samples.folder], [ms, samples.file]] as const) {
        await request(app.page, 'setDestination', destination);
        uploads.push(...await watch.finished(() => dropFiles(app.page, [sample])));
      }
      console.log('');
      for (const upload of uploads) console.log(describe(upload));
      for (const { name, problem } of watch.sources.values()) if (problem) console.log(`${name}: ${JSON.stringify(problem)}`);
      console.log(`\nScreenshot: ${path.relative(process.cwd(), await screenshot(app.page, 'start'))}`);
      return uploads.length === 2 && uploads.every(({ phase }) => phase === 'done');
    } catch (error) {
      await screenshot(app.page, 'start').catch(() => undefined);
      throw error;
    } finally {
      await app.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Random bytes do not shrink, so the package takes several parts. */
async function makeSamples(directory: string): Promise<{ folder: string; file: string }> {
  const folder = path.join(directory, 'Sample build');
  const file = path.join(directory, 'sample-app.apk');
  await mkdir(path.join(folder, '资源 assets'), { recursive: true });
  await writeFile(path.join(folder, 'README.txt'), 'A sample build, made by `npm start`.\n');
  await writeFile(path.join(folder, 'game.bin'), randomBytes(24_000_000));
  await writeFile(path.join(folder, '资源 assets', '封面 🚢.dat'), randomBytes(1_000_000));
  await writeFile(file, randomBytes(6_000_000));
  return { folder, file };
}

function describe({ service, name, phase, object, problem }: UploadView): string {
  if (!object) return `${service}  ${name}: ${phase} ${JSON.stringify(problem)}`;
  return [`${service}  ${name}`, `  key    ${object.key}`, `  size   ${object.size}`, `  CRC64  ${object.crc64}`].join('\n');
}
