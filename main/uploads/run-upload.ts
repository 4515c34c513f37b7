import type { Account } from '../credentials/account.ts';
import { isEnding, type Broker } from '../credentials/broker.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import type { CredentialVault } from '../credentials/credential-vault.ts';
import { objectKey, type TemporaryCredential } from '../credentials/temporary-credential.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import { archiveContent } from '../package/archive-content.ts';
import type { Content } from '../package/content.ts';
import { fileContent } from '../package/file-content.ts';
import { abortMultipart } from '../transfer/abort-multipart.ts';
import type { Line } from '../transfer/line.ts';
import { StoreError, type ObjectStore } from '../transfer/object-store.ts';
import { largestObjectBytes, partSize } from '../transfer/part-size.ts';
import { sendContent } from '../transfer/send-content.ts';
import type { SendContent } from '../transfer/sending.ts';
import type { Journal } from './journal.ts';
import { isBegunAt } from './journal-entry.ts';
import { KeyLife } from './key-life.ts';
import { RenewingStore, ScopeLost } from './renewing-store.ts';
import { Stop } from './stop.ts';
import { remember, type Upload, type UploadPlan } from './upload.ts';
import type { UploadRun } from './upload-queue.ts';

export interface RunUploadDeps {
  readonly credentials: CredentialDesk;
  readonly storeFor: (account: Account, credential: TemporaryCredential) => ObjectStore;
  readonly line: Line;
  readonly journal: Journal;
  /** null where there is no keychain: an upload whose scope has changed then starts over after a restart. */
  readonly vault: CredentialVault | null;
  /** The upload's entry, as it stands now, goes to disk. */
  readonly save: (upload: Upload) => Promise<void>;
  readonly now: () => number;
  /** What was left out of a package, once it is known. */
  readonly onContent: (run: UploadRun, content: Content) => void;
  /** The upload's notice has changed. */
  readonly onNotice: (upload: Upload) => void;
  /** null lets a part be as large as the object asks for. */
  readonly partBytes: number | null;
}

/** COS: an object key has at most this many bytes of UTF-8. */
const longestKeyBytes = 850;
// Beyond this it is not the key's end that is in the way.
const mostStarts = 20;

/** Brings one upload from its source to its confirmed object, resuming what was begun. Throws what the person is to be told. */
export async function runUpload(run: UploadRun, deps: RunUploadDeps): Promise<void> {
  const { upload } = run;
  const { plan } = upload;
  const content = await openContent(plan, run.signal);
  deps.onContent(run, content);
  if (content.maxBytes > largestObjectBytes) throw new FerryError({ code: 'source-too-large', params: { name: plan.name } });
  const broker = deps.credentials.brokerFor(plan.account, plan.destination, plan.name);
  for (let starts = 1; ; starts++) {
    const credential = await begunUnder(upload, deps) ?? await abandonable(broker.get(), run.signal);
    remember(upload, { atMs: deps.now(), what: 'credential', requestId: credential.requestId, expiresAtMs: credential.expiresAtMs });
    try {
      await sendUnder(credential, broker, content, run, deps);
      return;
    } catch (error) {
      const reason = reasonToStartOver(error);
      if (!reason || starts === mostStarts) throw error;
      upload.multipart = null;
      upload.notice = reason;
      remember(upload, { atMs: deps.now(), what: 'started-over', code: reason.code });
      deps.onNotice(upload);
    }
  }
}

/** The credential of an earlier run, where it lives on and its upload is to be gone on with. */
async function begunUnder(upload: Upload, deps: RunUploadDeps): Promise<TemporaryCredential | null> {
  const { multipart, plan } = upload;
  const credential = multipart && deps.vault ? await deps.vault.recall(upload.id) : null;
  if (!multipart || !credential || isEnding(credential, deps.now())) return null;
  return isBegunAt(multipart, credential, objectKey(credential.scope, plan.name)) ? credential : null;
}

function reasonToStartOver(error: unknown): ReturnType<typeof toProblem> | null {
  if (error instanceof ScopeLost) return { code: 'started-over-scope', params: {} };
  if (error instanceof StoreError && error.kind === 'no-such-upload') return { ...error.problem, code: 'started-over-parts' };
  return null;
}

function openContent(plan: UploadPlan, signal: AbortSignal): Promise<Content> {
  const [only] = plan.paths;
  return plan.packed || only === undefined ? archiveContent(plan.paths, signal) : fileContent(only, plan.name);
}

async function sendUnder(credential: TemporaryCredential, broker: Broker, content: Content, run: UploadRun, deps: RunUploadDeps): Promise<void> {
  const { upload } = run;
  const { plan } = upload;
  const key = objectKey(credential.scope, plan.name);
  const bytes = Buffer.byteLength(key);
  if (bytes > longestKeyBytes) throw new FerryError({ code: 'name-too-long', params: { name: plan.name, bytes, limit: longestKeyBytes } });
  const store = new RenewingStore({
    first: credential, key, broker,
    now: deps.now,
    storeFor: (of) => deps.storeFor(plan.account, of),
    onRenewed: (next) => {
      remember(upload, { atMs: deps.now(), what: 'renewed', requestId: next.requestId, expiresAtMs: next.expiresAtMs });
      if (upload.multipart) void deps.vault?.keep(upload.id, next);
    },
  });
  await forgetOtherMultipart(upload, credential, key, store, run, deps);
  const partBytes = upload.multipart?.partBytes ?? deps.partBytes ?? partSize(content.maxBytes);
  const keyLife = new KeyLife({ upload, credential, key, broker, now: deps.now, onNotice: deps.onNotice });

  run.dispatch({ type: 'prepared', sourceBytes: content.sourceBytes, bytesTotal: content.packed ? null : content.maxBytes });
  const sent = await sendContent({
    store, key, partBytes,
    chunks: (signal) => content.bytes(signal),
    line: deps.line,
    signal: run.signal,
    resume: upload.multipart && { ...upload.multipart, parts: await deps.journal.parts(upload.id) },
    onStarted: async (uploadId) => {
      await deps.journal.clearParts(upload.id);
      upload.multipart = { bucket: credential.bucket, region: credential.region, key, uploadId, partBytes, completing: false };
      await deps.save(upload);
      await deps.vault?.keep(upload.id, credential);
    },
    onPartStored: (part) => { void deps.journal.addPart(upload.id, part); },
    abortsAfter: (error) => error instanceof Stop ? error.kind === 'cancel' : run.signal.aborted && (run.signal.reason as Stop).kind === 'cancel',
    onProgress: ({ bytes: sentBytes, sourceBytes }) => {
      run.dispatch({ type: 'sent', bytes: sentBytes, sourceBytes });
      keyLife.check();
    },
    onAllSent: (summary) => {
      run.dispatch({ type: 'all-sent', bytes: summary.bytes });
      if (!upload.multipart) return;
      upload.multipart = { ...upload.multipart, completing: true };
      void deps.save(upload).catch(() => undefined);
    },
    onAbortFailed: run.onAbortFailed,
    onRetry: (error, delayMs) => {
      const { code, serviceCode, requestId } = toProblem(error);
      remember(upload, { atMs: deps.now(), what: 'retry', code, serviceCode: serviceCode ?? null, requestId: requestId ?? null, delayMs: Math.round(delayMs) });
    },
  } satisfies SendContent);
  upload.multipart = null;
  const { sentBytes, ...object } = sent;
  remember(upload, { atMs: deps.now(), what: 'stored', requestId: sent.requestId, sentBytes });
  run.dispatch({ type: 'stored', atMs: deps.now(), object: { bucket: credential.bucket, region: credential.region, key, ...object } });
}

/** What was begun for another object cannot be gone on with; it is aborted where the present key may do that. */
async function forgetOtherMultipart(
  upload: Upload, credential: TemporaryCredential, key: string, store: ObjectStore, run: UploadRun, deps: RunUploadDeps,
): Promise<void> {
  const { multipart } = upload;
  if (!multipart || isBegunAt(multipart, credential, key)) return;
  await abortMultipart({ store, key: multipart.key, onAbortFailed: run.onAbortFailed }, multipart.uploadId);
  upload.multipart = null;
  upload.notice = { code: 'started-over-scope', params: {} };
  deps.onNotice(upload);
}

/** A shared fetch goes on for the others when one upload that waits for it is stopped. */
function abandonable<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => { reject(signal.reason as Error); };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    shared.then(resolve, reject).finally(() => { signal.removeEventListener('abort', giveUp); });
  });
}
