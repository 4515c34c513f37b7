import { formatBytes, formatTime } from '../../preload/locales/formats.ts';
import type { CredentialView, Destination, Problem } from '../../preload/contract.ts';
import type { FinishedSource } from './finished-sources.ts';
import { shortName } from './menu-label.ts';
import type { Words } from './words.ts';

/** A notification's words. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  /** Buttons, where the system's notifications have any; a click anywhere else shows the window. */
  readonly actions?: readonly NoticeAction[];
}

export interface NoticeAction {
  readonly label: string;
  run(): void;
}

const mostNames = 3;

/** One notice for everything that finished together; null for nothing. Failures go first. */
export function finishedNotice(finished: readonly FinishedSource[], words: Words): Notice | null {
  const [first] = finished;
  if (first === undefined) return null;
  const failed = finished.filter((source) => source.failed > 0);
  const [firstFailed] = failed;
  if (firstFailed === undefined) return finished.length === 1 ? oneArrived(first, words) : manyArrived(finished, words);
  return failed.length === 1 && finished.length === 1 ? oneFailed(firstFailed, words) : manyFailed(failed, finished.length - failed.length, words);
}

/** After a credential was fetched because the person asked for it. */
export function credentialNotice(credential: CredentialView, { t, language }: Words, nowMs: number): Notice {
  return {
    title: t('shell:notice.credentialReady.title'),
    body: t('shell:notice.credentialReady.body', {
      bucket: credential.bucket,
      time: formatTime(credential.expiresAtMs, language, nowMs),
    }),
  };
}

/** Why it could not be fetched, and what to do. */
export function credentialFailedNotice(problem: Problem, words: Words): Notice {
  return {
    title: words.t('shell:notice.credentialFailed.title'),
    body: words.t('shell:notice.credentialFailed.body', { ...words.problem(problem) }),
  };
}

/** Said when the window is closed for the first time while uploads run. */
export function stillRunningNotice({ t }: Words, platform: NodeJS.Platform): Notice {
  return {
    title: t('shell:notice.stillRunning.title'),
    body: platform === 'darwin' ? t('shell:notice.stillRunning.bodyMac') : t('shell:notice.stillRunning.body'),
  };
}

/** After a link has set where the next drop goes, so that it never happens unseen. */
export function linkTakenNotice({ service, applicationId }: Destination, account: string, { t }: Words): Notice {
  return {
    title: t('shell:notice.link.title'),
    body: service === 'car' && applicationId !== ''
      ? t('shell:notice.link.application', { applicationId, account })
      : t(service === 'car' ? 'shell:notice.link.car' : 'shell:notice.link.ms', { account }),
  };
}

/** For a link that is none of the app's. */
export function linkRefusedNotice({ t }: Words): Notice {
  return { title: t('shell:notice.link.refused'), body: t('shell:notice.link.refusedBody') };
}

/** For a link that could not set what it names, such as a locked destination: why, and what to do. */
export function linkFailedNotice(problem: Problem, words: Words): Notice {
  return {
    title: words.t('shell:notice.link.refused'),
    body: words.t('shell:notice.link.failedBody', { ...words.problem(problem) }),
  };
}

/** A newer version can be had. */
export function updateNotice(version: string, { t }: Words): Notice {
  return { title: t('shell:notice.update.title', { version }), body: t('shell:notice.update.body') };
}

function oneArrived(source: FinishedSource, { t, language }: Words): Notice {
  const size = formatBytes(source.bytes, language);
  return {
    title: t('shell:notice.arrived.title', { name: shortName(source.name) }),
    body: source.done === 1 ? t('shell:notice.arrived.body', { size }) : t('shell:notice.arrived.files', { count: source.done, size }),
  };
}

function manyArrived(sources: readonly FinishedSource[], words: Words): Notice {
  const bytes = sources.reduce((sum, source) => sum + source.bytes, 0);
  return {
    title: words.t('shell:notice.arrivedTogether.title', { count: sources.length }),
    body: words.t('shell:notice.arrivedTogether.body', { names: nameList(sources, words), size: formatBytes(bytes, words.language) }),
  };
}

function oneFailed(source: FinishedSource, words: Words): Notice {
  const name = shortName(source.name);
  const partly = source.done > 0 || source.failed > 1;
  return {
    title: partly ? words.t('shell:notice.failed.partly', { name, count: source.failed }) : words.t('shell:notice.failed.title', { name }),
    body: source.problem === null ? '' : words.t('shell:notice.failed.body', { ...words.problem(source.problem) }),
  };
}

function manyFailed(failed: readonly FinishedSource[], arrived: number, words: Words): Notice {
  const names = nameList(failed, words);
  return {
    title: words.t('shell:notice.failedTogether.title', { count: failed.length }),
    body: arrived === 0
      ? words.t('shell:notice.failedTogether.body', { names })
      : words.t('shell:notice.failedTogether.bodyWithArrived', { names, count: arrived }),
  };
}

function nameList(sources: readonly FinishedSource[], { t, language }: Words): string {
  const named = sources.slice(0, mostNames).map((source) => shortName(source.name));
  const more = sources.length - named.length;
  const names = new Intl.ListFormat(language, { type: more > 0 ? 'unit' : 'conjunction' }).format(named);
  return more > 0 ? t('shell:notice.namesAndMore', { names, count: more }) : names;
}
