import { statSync } from 'node:fs';
import path from 'node:path';
import type { Contender } from '../contender.ts';
import { notInstalled } from '../programs-on-path.ts';

// Below its cutoff of 200 MiB rclone sends one PUT, whatever the size of its chunks.
const eightByEight = ['--s3-chunk-size', '8M', '--s3-upload-concurrency', '8', '--s3-upload-cutoff', '8M'] as const;

function rclone(name: string, flags: readonly string[]): Contender {
  return {
    name,
    missing: () => notInstalled('rclone'),
    command: ({ data, sink, run, scratch }) => {
      const target = `bench:bench-1250000000/bench/${run}/${path.basename(data.path)}`;
      return {
        file: 'rclone',
        args: [statSync(data.path).isDirectory() ? 'copy' : 'copyto', data.path, target, ...flags],
        env: {
          // One that is not there: nobody's own configuration counts.
          RCLONE_CONFIG: path.join(scratch, 'rclone.conf'),
          // Its own TencentCOS puts the bucket in front of the host, which takes a DNS: the same code else.
          RCLONE_CONFIG_BENCH_TYPE: 's3', RCLONE_CONFIG_BENCH_PROVIDER: 'Other',
          RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: 'AKIDbench', RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: 'bench-key',
          RCLONE_CONFIG_BENCH_ENDPOINT: `http://${sink}`, RCLONE_CONFIG_BENCH_FORCE_PATH_STYLE: 'true',
        },
      };
    },
  };
}

export const rcloneDefault = rclone('rclone', []);
export const rcloneTuned = rclone('rclone 8 × 8 MB', eightByEight);
