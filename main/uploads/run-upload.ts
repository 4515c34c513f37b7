import type { LeftOut, PackLevel, Problem } from '../../preload/contract.ts';
import { abandonable } from '../abandonable.ts';
import type { Account } from '../credentials/account.ts';
import { isEnding, type Broker } from '../credentials/broker.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import { covers, credentialView, objectKey, type TemporaryCredential } from '../credentials/temporary-credential.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import type { Content } from '../package/content.ts';
import { fileContent } from '../package/file-content.ts';
import { NothingToSend } from '../package/nothing-to-send.ts';
import { smallFileBytes } from '../package/read-small-file.ts';
import { refuseUnsafeName } from '../package/safe-name.ts';
import { worthAnotherTry, type Line } from '../transfer/line.ts';
import { StoreError, type ObjectStore } from '../transfer/object-store.ts';
import { largestObjectBytes, leastPartBytes, partSize } from '../transfer/part-size.ts';
import { sendContent } from '../transfer/send-content.ts';
import { NotSmall } from '../transfer/send-thread.ts';
import type { SendContent } from '../transfer/sending.ts';
import type { BegunCredentials } from './begun-credentials.ts';
import type { Journal } from './journal.ts';
import { isBegunAt, type JournaledMultipart } from './journal-entry.ts';
import { KeyLife } from './key-life.ts';
import type { Outages } from './outages.ts';
import { RenewingStore } from './renewing-store.ts';
import { ScopeLost } from './scope-lost.ts';
import { Stop } from './stop.ts';
import { remember, type Upload, type UploadPlan } from './upload.ts';
import type { UploadRun } from './upload-queue.ts';

export interface RunUploadDeps {
  readonly credentials: CredentialDesk;
  readonly storeFor: (account: Account, credential: TemporaryCredential) => ObjectStore;
  readonly line: Line;
  readonly journal: Journal;
  /** What it was begun under: where that is not known, an upload whose scope has changed starts over. */
  readonly begun: BegunCredentials;
  readonly outages: Outages;
  /** The upload's entry, as it stands now, goes to disk. */
  readonly save: (upload: Upload) => Promise<void>;
  /** The cloud's time. */
  readonly now: () => number;
  /** This computer's. */
  readonly localNow: () => number;
  /** Has what an upload no longer goes on with aborted, under a credential that may do that, however long it takes; settles when that is in the journal. */
  readonly leaveTo: (upload: Upload, multipart: JournaledMultipart, able: TemporaryCredential) => Promise<void>;
  /** What was left out of a package, once it is known. */
  readonly onLeftOut: (run: UploadRun, leftOut: readonly LeftOut[]) => void;
  /** The upload goes under this credential. */
  readonly onCredential: (run: UploadRun, credential: TemporaryCredential) => void;
  /** Cleans up after a run was stopped. */
  readonly onLate: (cleaning: Promise<unknown>) => void;
  /** The upload's notice has changed. */
  readonly onNotice: (upload: Upload) => void;
  /** null lets a part be as large as the object asks for. */
  readonly partBytes: number | null;
  /** For packages that are begun now. */
  readonly packLevel: () => PackLevel;
}

/** COS: an object key has at most this many bytes of UTF-8. */
const longestKeyBytes = 850;
// Beyond this it is not the key's end that is in the way.
const mostStarts = 20;
// As often as an upload that is known to be too slow for its key is begun under another: the line may get better.
const mostEndings = 3;

/** Brings one upload from its source to its confirmed object, resuming what was begun. Throws what the person is to be told. */
export async function runUpload(run: UploadRun, deps: RunUploadDeps): Promise<void> {
  const { upload } = run;
  const { plan } = upload;
  // While a credential is asked for.
  deps.line.crew.warm(plan.packed || (plan.sizeHint !== null && plan.sizeHint <= smallFileBytes) ? 1 : undefined);
  const packLevel = upload.multipart?.packLevel ?? deps.packLevel();
  let content = await openContent(plan, packLevel, run.signal).catch((error: unknown) => {
    if (error instanceof NothingToSend) deps.onLeftOut(run, error.leftOut);
    throw error;
  });
  deps.onLeftOut(run, content.leftOut);
  upload.sourceSeen = content.modifiedAtMs === null ? null : { bytes: content.sourceBytes, modifiedAtMs: content.modifiedAtMs };
  if (content.maxBytes > largestObjectBytes) throw new FerryError({ code: 'source-too-large', params: { name: plan.name } });
  if (content.packed || content.maxBytes > usualPartBytes(content, deps)) deps.begun.prepare();
  const broker = deps.credentials.brokerFor(plan.account, plan.destination, plan.name);
  let next: TemporaryCredential | null = null;
  let asksForLonger = plan.destination.service === 'ms';
  let endings = 0;
  let tooShort: Problem | null = null;
  for (let starts = 1; ; starts++) {
    const given: TemporaryCredential | Promise<TemporaryCredential> = next ?? (upload.multipart && await begunUnder(upload.multipart, run, deps)) ?? deps.credentials.begin(plan.destination, broker, { sourceId: upload.sourceId, ...plan.origin });
    const credential: TemporaryCredential = given instanceof Promise ? await abandonable(given, run.signal) : given;
    deps.outages.passed(upload);
    remember(upload, { atMs: deps.localNow(), what: 'credential', requestId: credential.requestId, expiresAtMs: credential.expiresAtMs });
    upload.credential = credentialView(credential);
    try {
      await sendUnder({ credential, broker, content, packLevel, asksForLonger }, run, deps);
      return;
    } catch (error) {
      // It has grown since it was looked at.
      if (error instanceof NotSmall && 'smallFile' in content) {
        content = await fileContent(content.smallFile.path, plan.name, null);
        next = credential;
        continue;
      }
      const reason = reasonToStartOver(error);
      if (!reason || starts === mostStarts) throw error instanceof ScopeLost ? new FerryError({ code: 'credential-expired' }) : error;
      if (upload.notice?.code === 'key-too-short') tooShort = upload.notice;
      if (error instanceof ScopeLost) {
        if (upload.multipart && error.how === 'died') upload.partsLeft = outOfReach(upload.multipart);
        else if (upload.multipart) await leave(upload.multipart, credential, run, deps);
        if (error.how === 'ended') endings += 1;
        if (endings >= mostEndings && tooShort) throw new FerryError(tooShort);
        if (error.how === 'replaced') asksForLonger = false;
        if (error.how !== 'replaced') deps.credentials.ended(credential);
        next = error.how === 'replaced' ? error.credential : await abandonable(fresh(broker, deps.now), run.signal);
        // Which of those a source of ms goes under is for all its files to share.
        if (plan.destination.service === 'ms' && error.how !== 'replaced') next = null;
      }
      upload.multipart = null;
      startedOver(upload, reason, deps);
    }
  }
}

/** The credential of an earlier run, where it lives on and its upload is to be gone on with. */
async function begunUnder(multipart: JournaledMultipart, { upload, signal }: UploadRun, deps: RunUploadDeps): Promise<TemporaryCredential | null> {
  const { plan } = upload;
  const credential = await abandonable(deps.begun.recall(upload.id), signal);
  if (!credential) return null;
  // What is all sent may be an object already, which only this one can tell: its last moments are enough.
  if (multipart.completing ? deps.now() >= credential.expiresAtMs : isEnding(credential, deps.now())) return null;
  if (!isBegunAt(multipart, credential, objectKey(credential.scope, plan.name))) return null;
  // Its source goes on under it, and nobody else of its name does.
  deps.credentials.adopt(plan.destination, credential, { sourceId: upload.sourceId, ...plan.origin });
  return credential;
}

/** One with its life before it: what was fetched long ago for others would end too soon for a beginning. */
async function fresh(broker: Broker, now: () => number): Promise<TemporaryCredential> {
  const { startsAtMs, expiresAtMs } = await broker.get();
  return now() - startsAtMs > (expiresAtMs - startsAtMs) / 10 ? broker.refresh() : broker.get();
}

function reasonToStartOver(error: unknown): ReturnType<typeof toProblem> | null {
  if (error instanceof ScopeLost) return { code: 'started-over-scope', params: {} };
  if (error instanceof StoreError && error.kind === 'no-such-upload') return { ...error.problem, code: 'started-over-parts' };
  return null;
}

async function openContent(plan: UploadPlan, level: PackLevel, signal: AbortSignal): Promise<Content> {
  const [only] = plan.paths;
  if (!plan.packed && only !== undefined) {
    // Of thousands in a folder each look counts; one that was dropped by itself is remembered as it was found.
    return fileContent(only, plan.name, plan.origin.path === only || plan.sizeHint === null ? null : { bytes: plan.sizeHint, mtimeMs: plan.modifiedHintMs ?? null });
  }
  // Loaded where something is packed: it takes longer than sending a small file does.
  const { archiveContent } = await import('../package/archive-content.ts');
  return archiveContent(plan.paths, signal, { level });
}

interface Start {
  readonly credential: TemporaryCredential;
  readonly broker: Broker;
  readonly content: Content;
  readonly packLevel: PackLevel;
  /** Where the upload cannot end before its key does, a key that lives longer may be asked for. */
  readonly asksForLonger: boolean;
}

async function sendUnder({ credential, broker, content, packLevel, asksForLonger }: Start, run: UploadRun, deps: RunUploadDeps): Promise<void> {
  const { upload } = run;
  const { plan } = upload;
  const key = objectKey(credential.scope, plan.name);
  refuseUnsafeName(plan.name);
  const bytes = Buffer.byteLength(key);
  if (bytes > longestKeyBytes) throw new FerryError({ code: 'name-too-long', params: { name: plan.name, bytes, limit: longestKeyBytes } });
  // A small file is sent before there is anything to measure, and has nothing to abort when a key ends.
  const isSmall = 'smallFile' in content;
  const store = new RenewingStore({
    first: credential, key, broker, watches: !isSmall,
    now: deps.now,
    storeFor: (of) => deps.storeFor(plan.account, of),
    onDead: (dead) => { deps.credentials.ended(dead); },
    onAnswered: () => { deps.outages.answered(upload); },
    onRenewed: (next) => {
      deps.outages.passed(upload);
      remember(upload, { atMs: deps.localNow(), what: 'renewed', requestId: next.requestId, expiresAtMs: next.expiresAtMs });
      upload.credential = credentialView(next);
      if (upload.multipart) void deps.begun.keep(upload.id, next);
    },
  });
  if (upload.multipart && !isBegunAt(upload.multipart, credential, key)) await leaveOther(upload.multipart, credential, run, deps);
  const leastBytes = leastPartBytes(content.maxBytes);
  // A source that has grown may need larger parts than those that were begun.
  if (upload.multipart && upload.multipart.partBytes < leastBytes) await leave(upload.multipart, credential, run, deps);
  const partBytes = upload.multipart?.partBytes ?? Math.max(leastBytes, usualPartBytes(content, deps));
  const sentBefore = upload.sentBytes;
  const keyLife = isSmall ? null : new KeyLife({
    upload, credential, key, broker,
    now: deps.now,
    measureMs: deps.line.patience.measureMs,
    fetchLonger: asksForLonger ? (seconds) => deps.credentials.fetchFor(plan.account, plan.destination, seconds) : null,
    onNotice: deps.onNotice,
  });
  deps.onCredential(run, credential);
  // A multipart upload that is sure to come waits for the keychain while COS is asked to begin it; a pause need not wait for either.
  const keep = (): Promise<void> => abandonable(deps.begun.keep(upload.id, store.credential), run.signal).catch(() => undefined);
  const keptEarly = !content.packed && content.maxBytes > partBytes && !upload.multipart ? keep() : null;
  run.dispatch({ type: 'prepared', sourceBytes: content.sourceBytes, bytesTotal: content.packed ? null : content.maxBytes });
  const { bucket, region } = credential;
  const begunAs = (uploadId: string): JournaledMultipart => ({ bucket, region, key, uploadId, partBytes, ...(content.packed ? { packLevel } : {}), completing: false });
  const sending = sendContent({
    store, key, partBytes,
    source: content.packed ? { chunks: (signal) => content.bytes(signal) } : content,
    line: deps.line,
    signal: keyLife ? AbortSignal.any([run.signal, keyLife.signal, store.signal]) : run.signal,
    resume: upload.multipart && { ...upload.multipart, parts: await deps.journal.parts(upload.id) },
    onStarted: async (uploadId) => {
      // What was begun before is gone: only so is another begun under the same key.
      if (upload.multipart) startedOver(upload, { code: 'started-over-parts', params: {} }, deps);
      await deps.journal.clearParts(upload.id);
      upload.multipart = begunAs(uploadId);
      // No part is sent that could not be found again.
      const kept = keptEarly ?? keep();
      await deps.save(upload);
      await kept;
      remember(upload, { atMs: deps.localNow(), what: 'begun', bucket, key, uploadId, partBytes });
    },
    // Without it a resumed upload sends this part again, where COS does not list what it has.
    onPartStored: (part) => { deps.journal.addPart(upload.id, part).catch(() => undefined); },
    abortsAfter: (error) => error instanceof Stop ? error.kind === 'cancel' : run.signal.aborted && (run.signal.reason as Stop).kind === 'cancel',
    onProgress: ({ bytes, sourceBytes, sentBytes, reachedBytes, held, inFlight }) => {
      upload.sentBytes = sentBefore + sentBytes;
      upload.reachedBytes = reachedBytes;
      upload.parts = { partBytes, held, inFlight };
      upload.speeds.record(upload.sentBytes, deps.localNow());
      run.dispatch({ type: 'sent', bytes, sourceBytes });
      keyLife?.check(sentBytes);
    },
    onAllSent: async (summary) => {
      store.allSent();
      run.dispatch({ type: 'all-sent', bytes: summary.bytes });
      if (!upload.multipart) return;
      upload.multipart = { ...upload.multipart, completing: true };
      // Before Complete: its reply may be lost, and what COS no longer knows would be sent again.
      await deps.save(upload);
    },
    onResumeGivenUp: async () => {
      if (upload.multipart) await leave(upload.multipart, credential, run, deps);
    },
    onAborted: (uploadId) => {
      if (upload.multipart?.uploadId === uploadId) upload.multipart = null;
    },
    onOrphaned: (uploadId) => deps.leaveTo(upload, begunAs(uploadId), store.credential),
    // Where nobody has answered, the queue has it aborted beside the upload, for as long as that takes.
    onAbortFailed: (error) => { if (!isUnanswered(error)) run.onAbortFailed(error); },
    onMaybeStored: run.onMaybeStored,
    onLate: deps.onLate,
    onRetry: (error, delayMs) => {
      if (worthAnotherTry(error) !== 'some') deps.outages.delayed(upload, error);
      const { code, serviceCode, requestId } = toProblem(error);
      remember(upload, { atMs: deps.localNow(), what: 'retry', code, serviceCode: serviceCode ?? null, requestId: requestId ?? null, delayMs: Math.round(delayMs) });
    },
  } satisfies SendContent);
  const { size, crc64, etag, requestId } = await sending.finally(() => { store.close(); });
  upload.multipart = null;
  remember(upload, { atMs: deps.localNow(), what: 'stored', requestId, size, sentBytes: upload.sentBytes });
  run.dispatch({ type: 'stored', atMs: deps.localNow(), object: { bucket, region, key, size, crc64, etag, requestId } });
}

function usualPartBytes({ maxBytes }: Content, { partBytes, line }: RunUploadDeps): number {
  return partBytes ?? partSize(maxBytes, line.slots.bytesPerSecondEach);
}

function isUnanswered(error: unknown): boolean {
  return error instanceof StoreError ? error.kind === 'transient' : error instanceof DOMException && error.name === 'TimeoutError';
}

/** What was begun for another object cannot be gone on with. */
async function leaveOther(multipart: JournaledMultipart, credential: TemporaryCredential, run: UploadRun, deps: RunUploadDeps): Promise<void> {
  await leave(multipart, credential, run, deps);
  startedOver(run.upload, { code: 'started-over-scope', params: {} }, deps);
}

function startedOver(upload: Upload, reason: Problem, deps: RunUploadDeps): void {
  upload.notice = reason;
  remember(upload, { atMs: deps.localNow(), what: 'started-over', code: reason.code });
  deps.onNotice(upload);
}

/** Gives up what was begun; it is aborted beside the upload where the key it was begun under, or the present one, may do that. */
async function leave(multipart: JournaledMultipart, credential: TemporaryCredential, { upload, signal }: UploadRun, deps: RunUploadDeps): Promise<void> {
  const before = await abandonable(deps.begun.recall(upload.id), signal);
  const able = [before, credential].find((known) => known && deps.now() < known.expiresAtMs && covers(known, multipart.key, multipart));
  if (able) await deps.leaveTo(upload, multipart, able);
  else upload.partsLeft = outOfReach(multipart);
  upload.multipart = null;
}

function outOfReach({ key }: JournaledMultipart): Problem {
  return { code: 'parts-left', params: {}, detail: key };
}
