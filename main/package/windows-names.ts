import { NameTally, type SomeNames } from './name-tally.ts';

/** What of a package Windows could not unpack, or not all of it; each null where nothing is. */
export interface WindowsTroubles {
  /** Reserved there, or with characters or an end that no name may have. */
  readonly refused: SomeNames | null;
  readonly tooLong: SomeNames | null;
  /** Names that are one name there: only one of the two would remain. */
  readonly same: (SomeNames & { readonly other: string }) | null;
}

// `C:\` in front and a NUL behind are counted as well ("Maximum Path Length Limitation", 260).
const longestBelowDrive = 256;
// "Naming Files, Paths, and Namespaces": with any extension, and the superscript digits too.
const reserved = /(?:^|\/)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:[./]|$)/i;
// eslint-disable-next-line no-control-regex -- control characters are what is refused
const refusedCharacter = /[<>:"|?*\u0000-\u001f]|[. ](?:\/|$)/;

/** Looks at the entries' paths in the package. */
export function windowsTroubles(names: Iterable<string>): WindowsTroubles {
  const refused = new NameTally();
  const tooLong = new NameTally();
  const byLowerCase = new Map<string, string>();
  // A cast, for in a loop the compiler takes it for what it began as.
  let same = null as WindowsTroubles['same'];
  for (const name of names) {
    if (reserved.test(name) || refusedCharacter.test(name)) refused.add(name);
    if (name.length > longestBelowDrive) tooLong.add(name);
    const lower = name.toLowerCase();
    const other = byLowerCase.get(lower);
    if (other === undefined) byLowerCase.set(lower, name);
    else same = { name: same?.name ?? name, other: same?.other ?? other, count: (same?.count ?? 0) + 1 };
  }
  return { refused: refused.names, tooLong: tooLong.names, same };
}
