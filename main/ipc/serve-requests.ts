import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import * as v from 'valibot';
import { requestChannel, requestNames } from '../../preload/contract.ts';
import type { Problem, Reply, RequestHandlers, Requests } from '../../preload/contract.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import type { Log } from '../log.ts';
import { isOwnPage } from './own-page.ts';
import { RequestBudget } from './request-budget.ts';
import { requestSchemas } from './request-schemas.ts';
import type { Tap } from './tap.ts';

interface ServeOptions {
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly handlers: RequestHandlers;
  /** The one window that may ask; null while there is none. */
  window(): WebContents | null;
  /** The address of the page it shows. */
  readonly pageUrl: string;
  readonly log: Pick<Log, 'error' | 'warn'>;
  readonly tap?: Tap | undefined;
  /** Is called before each answer. */
  readonly beforeAnswer?: () => void;
  /** What the page may ask in a while; the usual where none is given. */
  readonly budget?: RequestBudget;
}

/**
 * Answers every request of the contract with a `Reply`, and never rejects. Who asks from anywhere
 * but the main frame of our own page, or with other arguments than the contract's, is refused as
 * `request-invalid`; who asks faster than any person as `requests-too-many`. Arguments are never
 * logged: one of them carries a SecretKey.
 */
export function serveRequests(options: ServeOptions): void {
  const gate = gateOf(options);
  for (const name of requestNames) {
    const channel = requestChannel(name);
    options.ipcMain.handle(channel, async (event, ...args: unknown[]) => {
      options.tap?.('to-main', channel, args);
      const reply = await answer(name, event, args, { ...options, gate });
      options.beforeAnswer?.();
      options.tap?.('to-window', channel, reply);
      return reply;
    });
  }
}

async function answer<K extends keyof Requests>(
  name: K,
  event: IpcMainInvokeEvent,
  args: unknown[],
  options: ServeOptions & { readonly gate: Gate },
): Promise<Reply<ReturnType<Requests[K]>>> {
  const refused = options.gate(name, event);
  if (refused) return { ok: false, problem: refused };
  const parsed = parseArguments(requestSchemas[name], args);
  if (parsed === null) {
    options.log.warn(`Refused ${name}: its arguments are not the contract's.`);
    return { ok: false, problem: invalid };
  }
  try {
    return { ok: true, value: await options.handlers[name](...parsed) };
  } catch (error) {
    if (!(error instanceof FerryError)) options.log.error(`${name} failed unexpectedly.`, error);
    return { ok: false, problem: toProblem(error) };
  }
}

const invalid: Problem = { code: 'request-invalid', params: {} };

/** Why a request is refused before anybody looks at its arguments; null where it is not. */
type Gate = (name: keyof Requests, event: IpcMainInvokeEvent) => Problem | null;

function gateOf({ budget = new RequestBudget(), ...options }: ServeOptions): Gate {
  // A flood must not become one in the log.
  const strangers = new RequestBudget({ most: 20, perSecond: 1 });
  let inFlood = false;
  return (name, event) => {
    // Strangers first: they must not use up what our page may ask.
    if (!isFromOurPage(event, options)) {
      if (strangers.take()) options.log.warn(`Refused ${name}: not asked by the app's own page.`);
      return invalid;
    }
    if (budget.take()) {
      inFlood = false;
      return null;
    }
    if (!inFlood) options.log.warn(`Refused ${name}: too many requests.`);
    inFlood = true;
    return { code: 'requests-too-many', params: {} };
  };
}

function parseArguments<T>(schema: v.GenericSchema<unknown, T>, args: unknown[]): T | null {
  const result = v.safeParse(schema, args);
  return result.success ? result.output : null;
}

function isFromOurPage(event: IpcMainInvokeEvent, { window, pageUrl }: Pick<ServeOptions, 'window' | 'pageUrl'>): boolean {
  const ours = window();
  // The frame is null when it went away or moved on between asking and now.
  const frame = event.senderFrame;
  if (ours === null || ours.isDestroyed() || event.sender !== ours || frame === null) return false;
  return frame === ours.mainFrame && isOwnPage(frame.url, pageUrl);
}
