/** How long is waited, and how often tried again. */
export interface Patience {
  /** A request on which no byte moves for this long is given up. */
  readonly stallMs: number;
  /** The same for a Complete: COS joins the parts before it answers, which takes long for a large object. */
  readonly completeMs: number;
  /** A call of API 3.0 that is not answered within this is given up. */
  readonly answerMs: number;
  /** The longest wait before the first further try; it doubles with every one after it. */
  readonly baseDelayMs: number;
  /** The longest wait before any further try. */
  readonly maxDelayMs: number;
  /** For so long is tried again what is answered with an error that passes by itself, such as 503 or SlowDown. */
  readonly outageMs: number;
  /** An upload that is kept waiting by such errors says so after this. */
  readonly outageToldMs: number;
  /** A speed measured for less than this is no more than a guess. */
  readonly measureMs: number;
}

export const usualPatience: Patience = {
  stallMs: 30_000, completeMs: 600_000, answerMs: 20_000, baseDelayMs: 500, maxDelayMs: 20_000,
  outageMs: 3_600_000, outageToldMs: 10_000, measureMs: 10_000,
};
