import type { LeftOut, SourceView } from '../../preload/contract.ts';

/** Of what was left out, so many travel to the window. */
export const mostLeftOutShown = 100;

/** The source with what was left out of it; only the first hundred travel to the window. */
export function withLeftOut(source: SourceView, leftOut: readonly LeftOut[]): SourceView {
  return { ...source, leftOut: leftOut.slice(0, mostLeftOutShown), leftOutCount: leftOut.length };
}
