const secondsOf: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|sec|secs|second|seconds|秒|秒钟)$/i, 1],
  [/^(?:m|min|mins|minute|minutes|分|分钟)$/i, 60],
  [/^(?:h|hr|hrs|hour|hours|时|小时)$/i, 3600],
  [/^(?:d|day|days|天|日)$/i, 86400],
];

/**
 * Seconds from what a person typed: `90 min`, `1 h 30 min`, `2小时`, or a bare number of seconds as
 * in the API's documentation. null when it is empty, NaN when it is no duration.
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (/^\d+$/.test(trimmed)) return Number(trimmed);
  if (!/^(?:\d+(?:\.\d+)?\s*\p{L}+\s*)+$/u.test(trimmed)) return NaN;
  let seconds = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(\p{L}+)/gu)) {
    const factor = secondsOf.find(([pattern]) => pattern.test(unit ?? ''))?.[1];
    if (factor === undefined) return NaN;
    seconds += Number(amount) * factor;
  }
  return Math.round(seconds);
}
