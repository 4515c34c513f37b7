import type { RetryView, UploadDetails, UploadView } from '../../preload/contract.ts';
import type { Words } from './words.svelte.ts';

/** Something that is copied as often as it is read. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** Where another text than the shown one is copied. */
  readonly copy?: string;
}

/** What identifies an upload to others: the object, the credential, the requests. */
export function detailFacts({ object }: UploadView, details: UploadDetails | null, words: Words): readonly Fact[] {
  const { t } = words;
  const credential = details?.credential;
  const retryRequestId = details?.retries.findLast(({ requestId }) => requestId !== null)?.requestId;
  const facts: readonly (readonly [string, string | null | undefined, string?])[] = [
    [t('object.bucket'), object?.bucket ?? credential?.bucket],
    [t('object.region'), object?.region ?? credential?.region],
    [t('object.key'), object?.key ?? details?.key],
    [t('object.size'), object && t('object.exactBytes', { size: words.bytes(object.size), bytes: words.number(object.size) }), String(object?.size)],
    [t('object.crc64'), object?.crc64],
    [t('object.etag'), object?.etag],
    [t('object.requestId'), object?.requestId],
    [t('queue.details.credentialPrefix'), credential && (credential.scope.kind === 'prefix' ? `${credential.scope.value}/` : credential.scope.value)],
    [t('queue.details.credentialUntil'), credential && words.time(credential.expiresAtMs), credential ? new Date(credential.expiresAtMs).toISOString() : ''],
    [t('queue.details.credentialRequestId'), credential?.requestId],
    [t('queue.details.retryRequestId'), retryRequestId],
  ];
  return facts.flatMap(([name, value, copy]) => (value ? { name, value, ...(copy === undefined ? {} : { copy }) } : []));
}

/** Why requests were made again, in plain words. */
export function retryTexts(retries: readonly RetryView[], { t }: Words): readonly string[] {
  return retries.map(({ reason, serviceCode, count }) => {
    if (reason !== 'refused') return t(`queue.details.${reason}`, { count });
    return serviceCode === null ? t('queue.details.refusedBare', { count }) : t('queue.details.refused', { count, serviceCode });
  });
}
