/**
 * Every failure a person can meet, by cause. Each has words in both languages in
 * `locales/<language>/problems.ts`: `what` happened and what `todo`. In brackets: its params.
 */
export const problemCodes = [
  // The account form
  'label-empty', 'label-taken' /* label */, 'secret-id-empty', 'secret-key-empty',
  'endpoint-invalid' /* value */, 'cos-domain-invalid' /* value */,
  // The keychain
  'keychain-unavailable', 'keychain-locked', 'key-missing' /* label */, 'key-not-deleted',
  // API 3.0, by the codes of both documents and the common ones
  'secret-id-unknown', 'secret-key-wrong', 'key-refused', 'key-not-permitted', 'clock-wrong',
  'rate-limited', 'service-internal', 'service-no-answer', 'service-unavailable',
  'application-unknown' /* applicationId */, 'application-locked' /* applicationId */,
  'service-failed', 'parameter-refused', 'parameter-value-refused', 'operation-denied',
  'service-other', 'service-reply-unusable' /* field */,
  // The network
  'network-unreachable' /* host */, 'network-timeout' /* host */,
  // The destination
  'application-id-missing', 'application-id-malformed' /* applicationId */,
  'region-malformed' /* region */, 'duration-out-of-range', 'destination-locked',
  // What was dropped; all with `name`, relative where it is inside a folder
  'source-missing', 'source-unreadable', 'source-vanished', 'source-changed', 'source-empty-folder',
  'source-nothing-to-send', 'source-not-a-file', 'source-too-large', 'name-too-long' /* name, bytes, limit */, 'name-unsafe',
  'duplicate-object' /* name, other */, 'dropped-no-file' /* name */, 'dropped-no-files' /* name, items */, 'dropped-nothing',
  // COS
  'credential-expired', 'store-access-denied', 'store-clock-wrong', 'store-refused', 'store-failed',
  'store-not-trusted' /* host */, 'store-no-bucket' /* bucket */, 'not-verified' /* expected, actual */, 'abort-failed', 'parts-left', 'maybe-stored',
  // What goes on and should be known
  'store-busy', 'service-busy', 'no-answer' /* host */, 'started-over-scope', 'started-over-parts', 'key-too-short' /* minutesNeeded, minutesLeft */,
  'credential-not-kept',
  // The app itself
  'sandbox-unavailable', 'settings-unreadable' /* file */, 'settings-not-saved' /* file */, 'journal-unreadable' /* file */,
  'history-not-kept' /* file */, 'proxy-malformed' /* value */, 'export-failed' /* file */, 'login-item-refused',
  'nothing-to-show', 'request-invalid', 'requests-too-many', 'not-agreed', 'interrupted', 'unexpected',
] as const;

export type ProblemCode = (typeof problemCodes)[number];
