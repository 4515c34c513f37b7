const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * A long name in two pieces, so that the window can cut the first and always show the last, which
 * is where names of builds differ. Short ones stay whole, and so does what is written from right to
 * left, whose pieces would stand in the wrong order.
 */
export function splitMiddle(text: string, tailLength = 12): readonly [head: string, tail: string] {
  const characters = [...text];
  if (characters.length <= tailLength * 2 || rightToLeft.test(text)) return [text, ''];
  return [characters.slice(0, -tailLength).join(''), characters.slice(-tailLength).join('')];
}
