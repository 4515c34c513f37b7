const shortestSecret = 4;
const dayMs = 86_400_000;
const replacement = '[redacted]';

/**
 * What gives a secret away by its surroundings, so that one nobody registered is caught too. The
 * first group is kept. A value in quotes goes whole; one without ends where a value ends.
 */
const value = String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"',;&}\])]+)`;
const telltales: readonly RegExp[] = [
  // Authorization: TC3-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=… runs over spaces.
  /(\bauthorization["']?\s*[:=]\s*["']?)[^"'\r\n}]+/gi,
  new RegExp(String.raw`([\w-]*(?:secret[_-]?key|tmp[_-]?key|cos[_-]?key|token|tocken|passw(?:or)?d)["']?\s*[:=]\s*)${value}`, 'gi'),
  /(\bq-signature=)[^&\s"']+/gi,
  /(\bsignature=)[0-9a-f]{16,}/gi,
];

/** Takes secrets out of text: those it was told of, and whatever looks like one. */
export interface Redaction {
  /**
   * Ignores a value under four characters: taking it out would shred every line. One that is worth
   * nothing after `untilMs` is kept for a day more, for clocks that differ, and then forgotten.
   */
  add(secret: string, untilMs?: number): void;
  apply(text: string): string;
}

/** Starts with no secret known. */
export function createRedaction(now: () => number = Date.now): Redaction {
  /** With the time from which on it may be forgotten. */
  const known = new Map<string, number>();
  return {
    add(secret, untilMs = Infinity) {
      if (secret.length < shortestSecret) return;
      const nowMs = now();
      for (const [old, endsAtMs] of known) if (endsAtMs < nowMs) known.delete(old);
      // The same secret as it looks in a URL and in JSON.
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
        known.set(form, Math.max(known.get(form) ?? 0, untilMs + dayMs));
      }
    },
    apply(text) {
      let clean = text;
      for (const secret of known.keys()) clean = clean.replaceAll(secret, replacement);
      for (const telltale of telltales) clean = clean.replace(telltale, `$1${replacement}`);
      return clean;
    },
  };
}
