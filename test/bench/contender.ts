import type { DataSet } from './data.ts';

/** A process to be started and measured. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** What a contender is given to work with. */
export interface Stage {
  readonly data: DataSet;
  /** The folder with the bundled programs. */
  readonly programs: string;
  /** A folder for whatever it has to write; new for every run. */
  readonly scratch: string;
  /** `host:port` of the sink; '' in cases that send nothing. */
  readonly sink: string;
  /** Of every run another, so that nothing is found already there. */
  readonly run: string;
}

/** One way of doing what a case is about. */
export interface Contender {
  readonly name: string;
  /** Why it cannot take part here, null where it can. */
  missing(): string | null;
  command(stage: Stage): Command;
  /** It writes its archive to standard output; else it reports `{"bytes":…}` there, or nothing. */
  readonly writesArchive?: boolean;
}
