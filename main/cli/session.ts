import { setTimeout as sleep } from 'node:timers/promises';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import { wrongKeyProblems } from '../credentials/service-errors.ts';
import { toProblem } from '../ferry-error.ts';
import { proxyFromEnvironment } from '../proxy.ts';
import { createEngine, usualLimits, type Engine } from '../uploads/engine.ts';
import { isFinished } from '../uploads/upload-state.ts';
import type { CliAccounts } from './accounts.ts';
import type { CommonOptions } from './command.ts';
import type { Console } from './console.ts';
import type { CliEvent, Reporter } from './cli-event.ts';
import { countUnfinished } from './count-unfinished.ts';
import { exitCodes } from './exit-codes.ts';
import type { RunFolder } from './run-folder.ts';
import { UploadEvents } from './upload-events.ts';

export interface Session {
  readonly engine: Engine;
  readonly tell: (event: CliEvent) => void;
  /** Settles with the exit status when `ready` has settled and every upload is at its end, or the process is asked to go. */
  toTheEnd(ready?: Promise<unknown>): Promise<number>;
  /** Whether parts were left in a bucket that nobody can abort any more. */
  leftBehind(): boolean;
  close(): Promise<void>;
}

const closePatienceMs = 5_000;
const keyProblems: ReadonlySet<ProblemCode> = new Set([
  ...wrongKeyProblems, 'key-missing', 'key-not-permitted', 'keychain-locked', 'keychain-unavailable',
] as const);

/** An engine whose uploads are told of on the console, in a folder of its own. */
export function openSession(
  options: CommonOptions & { readonly partBytes?: number | null },
  accounts: CliAccounts, folder: RunFolder, console: Console, reporter: Reporter,
): Session {
  const uploads = () => [...engine.list.all()];
  let toldNotKept = false;
  let partsLeft = false;
  /** Where uploads could not be gone on with as they should, or cannot be later, for want of a keychain. */
  const tellNotKept = (): void => {
    const { failure } = accounts.keychain;
    if (failure === null || toldNotKept) return;
    toldNotKept = true;
    reporter.tell({ event: 'warning', problem: { code: 'credential-not-kept', params: {}, detail: failure.problem.detail ?? failure.problem.code } });
  };
  const tell = (event: CliEvent): void => {
    reporter.tell(event);
    if (event.event === 'warning' && event.problem.code === 'abort-failed') {
      partsLeft = true;
      tellNotKept();
    }
    if (event.event !== 'restarted') return;
    // What an earlier process had begun, not this one.
    const first = engine.list.upload(event.id)?.history.find(({ what }) => what === 'begun' || what === 'started-over');
    if (first?.what === 'started-over') tellNotKept();
  };
  let offline = false;
  const changed = new Set<() => void>();
  const engine = createEngine({
    proxyFor: proxyFromEnvironment(process.env),
    journalDirectory: folder.directory,
    secretKeyOf: (account) => accounts.secretKeyOf(account),
    keychain: accounts.keychain,
    redact: (secret) => { console.redact(secret); },
    limits: { ...usualLimits, partsInFlight: options.concurrency ?? usualLimits.partsInFlight },
    partBytes: options.partBytes ?? null,
    publish: (delta) => {
      events.take(delta);
      reporter.progress(delta.totals);
      for (const listener of changed) listener();
    },
    onChange: () => {
      if (engine.connectivity.offline === offline) return;
      offline = engine.connectivity.offline;
      tell({ event: offline ? 'waiting' : 'online' });
    },
    onProblem: (error) => { tell({ event: 'warning', problem: toProblem(error) }); },
  });
  const events = new UploadEvents(engine.list, tell);

  return {
    engine, tell,
    leftBehind: () => partsLeft,
    async toTheEnd(ready) {
      const ended = async (): Promise<null> => {
        await ready;
        await new Promise<void>((resolve) => {
          const look = (): void => { if (uploads().every(({ state }) => isFinished(state))) resolve(); };
          changed.add(look);
          look();
        });
        await engine.settled();
        return null;
      };
      const signal = await Promise.race([ended(), askedToGo()]);
      if (signal) {
        await Promise.race([engine.quit(), sleep(closePatienceMs)]);
        engine.list.publish();
        tell({ event: 'interrupted', unfinished: countUnfinished(engine.list) });
        if (uploads().some(({ state, multipart }) => multipart && !isFinished(state))) tellNotKept();
        return exitCodes.interrupted[signal];
      }
      // What ended a moment ago may not have been told yet.
      engine.list.publish();
      const readAll = [...engine.list.sources()].every((source) => source.phase !== 'failed');
      const problems = uploads().flatMap(({ state }) => (state.phase === 'failed' ? [state.problem] : []));
      if (uploads().some(({ state, multipart }) => state.phase === 'failed' && multipart)) tellNotKept();
      if (problems.some(({ code }) => keyProblems.has(code))) return exitCodes.noKeys;
      return problems.length > 0 || !readAll ? exitCodes.failed : exitCodes.done;
    },
    async close() {
      await Promise.race([engine.quit(), sleep(closePatienceMs, undefined, { ref: false })]);
      await folder.release();
    },
  };
}

/** The first Ctrl-C, or a polite kill; the next one ends the process as ever. */
function askedToGo(): Promise<keyof typeof exitCodes.interrupted> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => { resolve(name); });
  });
}
