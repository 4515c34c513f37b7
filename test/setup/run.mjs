import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const rootDirectory = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * @typedef {object} RunOptions
 * @property {boolean} [inherit] Show the output as it comes instead of collecting it.
 * @property {Record<string, string | undefined>} [env] Replaces the environment.
 * @property {string} [cwd] The project's root unless given.
 * @property {number} [timeoutMs] After this the command is ended and the code is not 0.
 */

/**
 * Runs a command to its end and never throws: a command that could not start has code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  return new Promise((settle) => {
    let output = '';
    const child = spawn(command, args, {
      cwd: options.cwd ?? rootDirectory,
      env: options.env ?? process.env,
      stdio: options.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === 'win32' && command === 'npm',
    });
    const end = () => { child.kill(); };
    process.once('exit', end);
    const { timeoutMs = 0 } = options;
    const timer = timeoutMs > 0 ? setTimeout(() => {
      output += `\nstopped after ${timeoutMs / 1000} s`;
      end();
    }, timeoutMs) : undefined;
    const collect = (/** @type {Buffer} */ data) => { output += data.toString(); };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('error', (error) => {
      process.off('exit', end);
      clearTimeout(timer);
      settle({ code: 127, output: `${output}${error.message}\n` });
    });
    child.once('close', (code) => {
      process.off('exit', end);
      clearTimeout(timer);
      settle({ code: code ?? 1, output });
    });
  });
}

/** One line about what the set-up does, told apart from the output of the tools by its bullet. */
export function say(/** @type {string} */ line) {
  console.log(`• ${line}`);
}

/** A set-up step that failed: the command line shows the message without a stack. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} [output] What the tool said.
   */
  constructor(message, output = '') {
    super(output.trim() ? `${message}\n${output.trim()}` : message);
    this.name = 'SetupError';
  }
}
