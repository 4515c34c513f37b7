import type { LeftOut } from '../../preload/contract.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import { objectKey, type TemporaryCredential } from '../credentials/temporary-credential.ts';
import { FerryError } from '../ferry-error.ts';
import type { Account } from '../credentials/account.ts';
import { archiveContent } from '../package/archive-content.ts';
import type { Content } from '../package/content.ts';
import { fileContent } from '../package/file-content.ts';
import { NothingToSend } from '../package/nothing-to-send.ts';
import { StoreError, type ObjectStore } from '../transfer/object-store.ts';
import { largestObjectBytes, partSize } from '../transfer/part-size.ts';
import { sendContent } from '../transfer/send-content.ts';
import type { SentContent } from '../transfer/sending.ts';
import type { Slots } from '../transfer/slots.ts';
import type { UploadPlan } from './upload.ts';
import type { UploadRun } from './upload-queue.ts';

export interface RunUploadDeps {
  readonly credentials: CredentialDesk;
  readonly storeFor: (account: Account, credential: TemporaryCredential) => ObjectStore;
  readonly slots: Slots;
  readonly now: () => number;
  /** What was left out of a package, once it is known. */
  readonly onLeftOut: (run: UploadRun, leftOut: readonly LeftOut[]) => void;
  /** The upload goes under this credential. */
  readonly onCredential: (run: UploadRun, credential: TemporaryCredential) => void;
}

/** COS: an object key has at most this many bytes of UTF-8. */
const longestKeyBytes = 850;
// A key that dies under an upload is replaced and the upload starts over; more often than this it is not the key.
const mostCredentials = 3;

/** Brings one upload from its source to its confirmed object. Throws what the person is to be told. */
export async function runUpload(run: UploadRun, deps: RunUploadDeps): Promise<void> {
  const { plan } = run.upload;
  const content = await openContent(plan, run.signal).catch((error: unknown) => {
    if (error instanceof NothingToSend) deps.onLeftOut(run, error.leftOut);
    throw error;
  });
  deps.onLeftOut(run, content.leftOut);
  if (content.maxBytes > largestObjectBytes) throw new FerryError({ code: 'source-too-large', params: { name: plan.name } });
  for (let tries = 1; ; tries++) {
    const credential = await abandonable(deps.credentials.forUpload(plan.account, plan.destination, plan.name, { sourceId: run.upload.sourceId, ...plan.origin }), run.signal);
    try {
      await sendUnder(credential, content, run, deps);
      return;
    } catch (error) {
      const dead = error instanceof StoreError && error.kind === 'credential-dead';
      if (!dead || tries === mostCredentials) throw error;
      deps.credentials.invalidate(plan.account, plan.destination, credential);
    }
  }
}

function openContent(plan: UploadPlan, signal: AbortSignal): Promise<Content> {
  const [only] = plan.paths;
  return plan.packed || only === undefined
    ? archiveContent(plan.paths, signal)
    : fileContent(only, plan.name);
}

async function sendUnder(credential: TemporaryCredential, content: Content, run: UploadRun, deps: RunUploadDeps): Promise<void> {
  const { plan } = run.upload;
  const key = objectKey(credential.scope, plan.name);
  const bytes = Buffer.byteLength(key);
  if (bytes > longestKeyBytes) throw new FerryError({ code: 'name-too-long', params: { name: plan.name, bytes, limit: longestKeyBytes } });
  deps.onCredential(run, credential);
  run.dispatch({ type: 'prepared', sourceBytes: content.sourceBytes, bytesTotal: content.packed ? null : content.maxBytes });
  const sent: SentContent = await sendContent({
    store: deps.storeFor(plan.account, credential),
    key,
    chunks: (signal) => content.bytes(signal),
    partBytes: partSize(content.maxBytes),
    slots: deps.slots,
    signal: run.signal,
    onProgress: ({ bytes: sentBytes, sourceBytes }) => { run.dispatch({ type: 'sent', bytes: sentBytes, sourceBytes }); },
    onAllSent: (summary) => { run.dispatch({ type: 'all-sent', bytes: summary.bytes }); },
    onAbortFailed: run.onAbortFailed,
    onCleaningUp: run.onCleaningUp,
  });
  run.dispatch({
    type: 'stored',
    atMs: deps.now(),
    object: { bucket: credential.bucket, region: credential.region, key, ...sent },
  });
}

/** A shared fetch goes on for the others when one upload that waits for it is cancelled. */
function abandonable<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => { reject(signal.reason as Error); };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    shared.then(resolve, reject).finally(() => { signal.removeEventListener('abort', giveUp); });
  });
}
