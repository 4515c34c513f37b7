/**
 * A long name in two pieces, so that the window can cut the first and always show the last, which
 * is where names of builds differ. Short ones stay whole.
 */
export function splitMiddle(text: string, tailLength = 12): readonly [head: string, tail: string] {
  const characters = [...text];
  if (characters.length <= tailLength * 2) return [text, ''];
  return [characters.slice(0, -tailLength).join(''), characters.slice(-tailLength).join('')];
}
