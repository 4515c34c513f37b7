import { arch, platform, release } from 'node:os';
import type { Upload } from './upload.ts';

/**
 * An upload's history as JSON, for whoever is to find out what went wrong: requests, retries,
 * credential changes, the object, the failure. It names no path above the source and no secret.
 */
export function uploadReport(upload: Upload, version: string): string {
  const { plan, state, multipart } = upload;
  return JSON.stringify({
    app: 'COS Ferry',
    version,
    system: { platform: platform(), release: release(), arch: arch(), node: process.versions.node },
    upload: {
      id: upload.id,
      service: plan.destination.service,
      name: plan.name,
      packed: plan.packed,
      site: plan.account.site,
      apiEndpoint: plan.account.apiEndpoint,
      cosDomain: plan.account.cosDomain,
      state,
      multipart,
      notice: upload.notice,
    },
    history: upload.history.map(({ atMs, ...event }) => ({ at: new Date(atMs).toISOString(), ...event })),
  }, null, 2);
}
