import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** The folder of package.json. */
export const rootDirectory = path.resolve(import.meta.dirname, '../..');

/** Runs a script of the project or of a package in plain Node, and settles with all it has said; throws that where it fails. */
export async function runScript(script: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = spawn(process.execPath, [path.join(rootDirectory, script), ...args], { cwd: rootDirectory, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { output += data.toString(); });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${output}`);
  return output;
}
