import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { electronEnvironment } from './electron-binary.mjs';
import { whyNoKeyring, withKeyring } from './keyring.mjs';
import { run, SetupError } from './run.mjs';

/**
 * Runs a script that opens the app: on a virtual display where there is no other, and with a
 * keychain of its own. Returns its exit code.
 * @param {string} script
 * @param {string | null} distribution
 */
export async function runOnDesktop(script, distribution) {
  const display = hasDisplay() ? { env: {} } : await startVirtualDisplay().catch((error) => { throw new SetupError(error.message); });
  const session = whyNoKeyring()
    ? { command: process.execPath, args: [script], env: {}, remove: () => undefined }
    : withKeyring(process.execPath, [script]);
  process.once('exit', session.remove);
  const env = { ...process.env, ...electronEnvironment(distribution), ...display.env, ...session.env };
  const { code } = await run(session.command, session.args, { inherit: true, env });
  return code;
}
