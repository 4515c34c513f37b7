const shortestSecret = 4;
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
  /** Ignores a value under four characters: taking it out would shred every line. */
  add(secret: string): void;
  apply(text: string): string;
}

/** Starts with no secret known. */
export function createRedaction(): Redaction {
  const known = new Set<string>();
  return {
    add(secret) {
      if (secret.length < shortestSecret) return;
      // The same secret as it looks in a URL and in JSON.
      known.add(secret).add(encodeURIComponent(secret)).add(JSON.stringify(secret).slice(1, -1));
    },
    apply(text) {
      let clean = text;
      for (const secret of known) clean = clean.replaceAll(secret, replacement);
      for (const telltale of telltales) clean = clean.replace(telltale, `$1${replacement}`);
      return clean;
    },
  };
}
