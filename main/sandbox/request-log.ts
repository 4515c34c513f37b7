const MAX_ENTRIES = 10_000;

/** One request the sandbox has answered, or lost before it could. Holds no secret. */
export interface LoggedRequest {
  readonly method: string;
  /** The action of API 3.0, or the operation of COS; '' where it was neither. */
  readonly operation: string;
  /** The HTTP status; 0 where the connection ended before an answer. */
  readonly status: number;
  /** The error code answered; null for success. */
  readonly code: string | null;
  readonly atMs: number;
}

/** The last requests, oldest first. */
export class RequestLog {
  #entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    // In batches, as moving ten thousand entries on each request would cost more than the request.
    if (this.#entries.length > 2 * MAX_ENTRIES) this.#entries = this.#entries.slice(-MAX_ENTRIES);
  }

  entries(): readonly LoggedRequest[] {
    return this.#entries.slice(-MAX_ENTRIES);
  }
}
