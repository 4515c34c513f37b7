import path from 'node:path';
import type { DataSet, Expected } from './data.ts';
import { started } from './first-line.ts';

/** The folder's archive, made by the app's packer before anything is measured, and what it comes to. */
export async function packOnce(data: DataSet, programs: string, file: string): Promise<Expected> {
  const { firstLine } = await started({ file: process.execPath, args: [path.join(programs, 'bench-pack.js'), data.path, file] });
  return JSON.parse(firstLine) as Expected;
}
