import { startVirtualDisplay } from './display.mjs';
import { electronEnvironment } from './electron-binary.mjs';
import { whyNoKeyring, withKeyring } from './keyring.mjs';
import { run, SetupError } from './run.mjs';

/**
 * Runs a script of this project that drives the app, in a virtual display and with a keychain of
 * its own where one can be had. Returns the script's exit code.
 * @param {string} script
 * @param {readonly string[]} args
 * @param {string | null} distribution As `prepare` gives it.
 */
export async function runInVirtualSession(script, args, distribution) {
  const display = process.platform === 'linux'
    ? await startVirtualDisplay().catch((error) => { throw new SetupError(error.message); })
    : { env: {} };
  const session = whyNoKeyring()
    ? { command: process.execPath, args: [script, ...args], env: {}, remove: () => undefined }
    : withKeyring(process.execPath, [script, ...args]);
  process.once('exit', session.remove);
  const env = { ...process.env, ...electronEnvironment(distribution), ...display.env, ...session.env };
  const { code } = await run(session.command, session.args, { inherit: true, env });
  return code;
}
