/** What the process says when it ends. */
export const exitCodes = {
  done: 0,
  /** An upload failed. */
  failed: 1,
  usage: 2,
  /** No valid credentials. */
  noKeys: 3,
  interrupted: { SIGINT: 130, SIGTERM: 143 },
} as const;
