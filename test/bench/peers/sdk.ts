import path from 'node:path';
import type { Command, Contender, Stage } from '../contender.ts';

function sdkCommand({ programs, sink, run, scratch }: Stage, source: string, tuning: 'default' | 'tuned'): Command {
  return {
    file: process.execPath,
    args: [path.join(programs, 'bench-sdk.js'), sink, `bench/${run}`, source, tuning],
    // It remembers UploadIds in the home folder.
    env: { HOME: scratch, XDG_CONFIG_HOME: scratch },
  };
}

function sdk(name: string, tuning: 'default' | 'tuned'): Contender {
  return { name, missing: () => null, command: (stage) => sdkCommand(stage, stage.data.path, tuning) };
}

export const sdkDefault = sdk('COS SDK', 'default');
export const sdkTuned = sdk('COS SDK 8 × 8 MB', 'tuned');

/** What people do today: pack to a file, and send it when it is whole. */
export const archiverThenSdk: Contender = {
  name: 'archiver to a file, then sliceUploadFile',
  missing: () => process.platform === 'win32' ? 'it is started by a shell' : null,
  command: (stage) => {
    const file = path.join(stage.scratch, 'archive.zip');
    const archiver = [process.execPath, path.join(stage.programs, 'bench-archiver.js'), stage.data.path, file];
    const send = sdkCommand(stage, file, 'default');
    return { ...send, file: 'sh', args: ['-c', '"$1" "$2" "$3" "$4" && shift 4 && exec "$@"', 'sh', ...archiver, send.file, ...send.args] };
  },
};
