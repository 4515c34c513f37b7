/** The first index from `start` to below `end` for which it is not true, else `end`: found by halves, where it is true for all before that and for none behind. */
export function firstIndexWithout(start: number, end: number, isTrue: (index: number) => boolean): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
