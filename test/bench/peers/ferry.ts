import path from 'node:path';
import type { Contender, Stage } from '../contender.ts';

const node = process.execPath;

/** The name of this app among the contenders. */
export const ferry = 'COS Ferry';

function upload(name: string, args: (stage: Stage) => readonly string[]): Contender {
  return {
    name,
    missing: () => null,
    command: (stage) => ({
      file: node,
      args: [path.join(stage.programs, 'cli.js'), 'upload', '--state-dir', path.join(stage.scratch, 'state'), '--json', ...args(stage)],
      env: {
        TENCENTCLOUD_SECRET_ID: 'AKIDbench', TENCENTCLOUD_SECRET_KEY: 'bench-key',
        COS_FERRY_API_ENDPOINT: `http://${stage.sink}`, COS_FERRY_COS_DOMAIN: `http://${stage.sink}`,
      },
    }),
  };
}

const car = ['--service', 'car', '--application-id', 'app-bench'] as const;

/** The command line with a file or a folder, each file an object. */
export const ferryUpload = upload(ferry, ({ data }) => ['--service', 'ms', data.path]);

/** The command line with a folder that becomes one object. */
export const ferryPackage = upload(ferry, ({ data }) => [...car, data.path]);

/** The archive of the folder, as a file that is only sent. */
export const ferrySendingAlone = upload('sending alone', ({ data }) => [...car, archiveOf(data.path)]);

/** The archive that `sending alone` sends; made before. */
export function archiveOf(folder: string): string {
  return `${folder}.zip`;
}

function pack(name: string): Contender {
  return {
    name,
    missing: () => null,
    command: ({ programs, data }) => ({ file: node, args: [path.join(programs, 'bench-pack.js'), data.path] }),
  };
}

/** The packer without the rest. */
export const ferryPack = pack(ferry);
export const ferryPackingAlone = pack('packing alone');
