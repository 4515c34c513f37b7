import type { ObjectView, Problem, Totals, UploadPhase } from '../../preload/contract.ts';

/** What the command line tells while it works; with --json each is one line. */
export type CliEvent =
  | {
    readonly event: 'progress'; readonly id: string; readonly name: string; readonly phase: UploadPhase;
    readonly bytesSent: number; readonly bytesTotal: number | null; readonly fraction: number;
    readonly bytesPerSecond: number | null; readonly secondsLeft: number | null;
  }
  /** Nobody answers, or (online) somebody does again. */
  | { readonly event: 'waiting' | 'online' }
  /** It began anew, or something else that should be known. */
  | { readonly event: 'restarted' | 'notice'; readonly id: string; readonly name: string; readonly problem: Problem }
  | { readonly event: 'left-out'; readonly source: string; readonly path: string; readonly reason: string }
  | ObjectView & { readonly event: 'done'; readonly id: string; readonly name: string; readonly sentBytes: number; readonly durationMs: number }
  /** Without an id: no upload, but something they all need, or a folder that could not be read. */
  | { readonly event: 'failed'; readonly id: string | null; readonly name: string | null; readonly problem: Problem }
  /** Something went wrong that stops no upload. */
  | { readonly event: 'warning'; readonly problem: Problem }
  | { readonly event: 'aborted'; readonly id: string; readonly name: string }
  | { readonly event: 'interrupted'; readonly unfinished: number };

/** Shows events to whoever reads the output. */
export interface Reporter {
  tell(event: CliEvent): void;
  /** How it stands as a whole; often. */
  progress(totals: Totals): void;
  /** The words of the command line's own failures, such as missing keys, which are no `Problem`. */
  failed(code: string, message: string): void;
  /** Nothing more comes. */
  end(): void;
}
