import type { ChildProcess } from 'node:child_process';
import type { Command } from './contender.ts';
import { start } from './started.ts';

/** Starts a program that prints a line once it is ready, and settles with it. Throws where it ends before. */
export async function started(command: Command): Promise<{ readonly child: ChildProcess; readonly firstLine: string }> {
  const child = start(command, ['pipe', 'pipe', 'inherit']);
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.once('close', (code) => { reject(new Error(`${command.args.join(' ')} ended with ${code} before it was ready`)); });
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      const end = text.indexOf('\n');
      if (end >= 0) resolve({ child, firstLine: text.slice(0, end) });
    });
  });
}
