import { parentPort, workerData } from 'node:worker_threads';
import { toProblem } from '../ferry-error.ts';
import { yieldToWindow } from '../yield-to-window.ts';
import { startSandbox } from './sandbox.ts';
import type { FromSandboxWorker, SandboxWorkerData } from './start-sandbox-thread.ts';

const tell = (message: FromSandboxWorker): void => { parentPort?.postMessage(message); };

yieldToWindow();

try {
  const sandbox = await startSandbox(workerData as SandboxWorkerData);
  // The only word it is ever told: to close.
  parentPort?.once('message', () => void sandbox.close().then(() => { parentPort?.close(); }));
  tell({ started: { url: sandbox.url, accounts: sandbox.accounts } });
} catch (error) {
  tell({ failed: toProblem(error) });
  parentPort?.close();
}
