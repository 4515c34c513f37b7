import type { Log } from '../log.ts';

/** How long stopping the uploads may keep the app from quitting. */
const closeLimitMs = 5_000;

/** What quitting needs of the desktop and the engine. */
export interface QuitParts {
  unfinished(): number;
  /** Asks the person; true quits anyway. */
  ask(unfinished: number): Promise<boolean>;
  /** Takes the window and the tray icon away, so that quitting feels immediate. */
  leave(): void;
  close(): Promise<void>;
  exit(): void;
  readonly log: Pick<Log, 'error' | 'warn'>;
}

/** Stands between the wish to quit and its fulfilment. */
export interface QuitGuard {
  /** For `before-quit`: never lets the app quit before it has asked where uploads are unfinished, and closed; then it exits itself. */
  beforeQuit(event: { preventDefault(): void }): void;
  /** For the end of the system's session: nobody is there to answer. */
  sessionEnds(): void;
  /** True once quitting is decided: then a closing window really closes. */
  readonly quitting: boolean;
}

/** Asks once at a time, and closes once. Close is waited for at most five seconds. */
export function createQuitGuard(parts: QuitParts): QuitGuard {
  let state: 'running' | 'asking' | 'quitting' | 'exiting' = 'running';

  async function quit(): Promise<void> {
    if (state === 'quitting' || state === 'exiting') return;
    state = 'quitting';
    parts.leave();
    await within(closeLimitMs, parts.close()).then(
      (intime) => intime || parts.log.warn('Uploads did not stop in time; quitting all the same.'),
      (error: unknown) => parts.log.error('Stopping the uploads failed.', error),
    );
    // An update that is installed in place of exiting quits once more, and has to get through.
    state = 'exiting';
    parts.exit();
  }

  async function askAndQuit(): Promise<void> {
    const unfinished = parts.unfinished();
    if (unfinished > 0) {
      state = 'asking';
      const sure = await parts.ask(unfinished).catch((error: unknown) => {
        parts.log.error('Could not ask about quitting.', error);
        return false;
      });
      // The session may have ended while the question stood.
      if (state !== 'asking') return;
      state = 'running';
      if (!sure) return;
    }
    await quit();
  }

  return {
    beforeQuit(event) {
      if (state === 'exiting') return;
      event.preventDefault();
      if (state === 'running') void askAndQuit();
    },
    sessionEnds: () => void quit(),
    get quitting() {
      return state === 'quitting' || state === 'exiting';
    },
  };
}

/** True when `work` settled in time. */
function within(limitMs: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  return Promise.race([work.then(() => true), limit]).finally(() => clearTimeout(timer));
}
