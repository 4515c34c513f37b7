import { spawn } from 'node:child_process';

const screen = '1600x1000x24';

/** Whether this process can already open windows. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/**
 * Starts a virtual X display and resolves once it takes connections, with the environment that
 * leads to it. Ends with this process, or by `stop`. Rejects where Xvfb is not installed.
 * @returns {Promise<{ env: Record<string, string | undefined>, stop: () => void }>}
 */
export function startVirtualDisplay() {
  return new Promise((started, failed) => {
    // Xvfb takes the first free number itself and writes it down when it is ready.
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp', '-noreset'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    const stop = () => { server.kill(); };
    let complaints = '';
    server.stderr?.on('data', (data) => { complaints += data; });
    server.once('error', (error) => failed(new Error(`Xvfb cannot be started: ${error.message}`)));
    server.once('exit', (code) => {
      process.off('exit', stop);
      failed(new Error(`Xvfb ended with code ${code}. ${complaints.trim()}`));
    });
    let number = '';
    server.stdio[3]?.on('data', (data) => {
      number += data;
      if (!number.endsWith('\n')) return;
      process.once('exit', stop);
      // Nothing in a test run waits for the server itself.
      server.unref();
      for (const stream of server.stdio) /** @type {import('node:net').Socket | null} */ (stream)?.unref?.();
      started({
        env: { DISPLAY: `:${number.trim()}`, WAYLAND_DISPLAY: undefined, XDG_SESSION_TYPE: 'x11' },
        stop,
      });
    });
  });
}
