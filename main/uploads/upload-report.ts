import { arch, platform, release } from 'node:os';
import path from 'node:path';
import type { Upload, UploadPlan } from './upload.ts';

/**
 * An upload's history as JSON, for whoever is to find out what went wrong: requests, retries,
 * credential changes, the object, the failure. It names no path above the source and no secret.
 */
export function uploadReport(upload: Upload, version: string): string {
  const { plan, state, multipart } = upload;
  const report = JSON.stringify({
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
      sentBytes: upload.sentBytes,
      notice: upload.notice,
    },
    history: upload.history.map(({ atMs, ...event }) => ({ at: new Date(atMs).toISOString(), ...event })),
  }, null, 2);
  return withoutFolders(report, plan);
}

/** The system's own words on a failure name the whole path. */
function withoutFolders(report: string, { paths }: UploadPlan): string {
  const folders = paths.map((source) => path.join(path.dirname(source), path.sep));
  return folders.filter((folder) => path.dirname(folder) !== folder)
    .sort((a, b) => b.length - a.length)
    .reduce((text, folder) => text.replaceAll(JSON.stringify(folder).slice(1, -1), '…/'), report);
}
