/** Why a running upload is stopped: the reason of its abort signal. */
export class Stop extends Error {
  /** pause and quit keep what COS has; cancel aborts it. */
  readonly kind: 'pause' | 'cancel' | 'quit';

  constructor(kind: Stop['kind']) {
    super(`Stopped: ${kind}.`);
    this.name = 'Stop';
    this.kind = kind;
  }
}
