import type { TemporaryCredential } from '../credentials/temporary-credential.ts';

/** The next credential does not cover the object: the upload has to start over under it. */
export class ScopeLost extends Error {
  readonly credential: TemporaryCredential;
  /** ended: the one before has had its time. died: before that. replaced: by one that lives longer, before it was too late. */
  readonly how: 'ended' | 'died' | 'replaced';

  constructor(credential: TemporaryCredential, how: ScopeLost['how']) {
    super('The new temporary credential does not cover the object.');
    this.name = 'ScopeLost';
    this.credential = credential;
    this.how = how;
  }
}
