import type { Upload } from './upload.ts';

const leastGap = 1e-6;

/**
 * Gives uploads places in front of another one, or behind all. Returns every upload that has a new
 * place: as a rule those that were moved alone, so that nobody else's entry has to be written.
 */
export function placeBefore(uploads: readonly Upload[], before: Upload | null, all: Iterable<Upload>): readonly Upload[] {
  const moved = new Set(uploads);
  const others = [...all].filter((upload) => !moved.has(upload)).sort((a, b) => a.order - b.order);
  const at = before && !moved.has(before) ? others.indexOf(before) : others.length;
  const gap = (others[at]?.order ?? Infinity) - (others[at - 1]?.order ?? -Infinity);
  // Every move halves a gap; before it is too small for a number, all get places of their own again.
  const crowded = gap < leastGap * (uploads.length + 1);
  if (crowded) others.forEach((upload, index) => { upload.order = index + 1; });
  const after = others[at - 1]?.order ?? (others[at]?.order ?? 0) - uploads.length - 1;
  const until = others[at]?.order ?? after + uploads.length + 1;
  uploads.forEach((upload, index) => { upload.order = after + ((until - after) * (index + 1)) / (uploads.length + 1); });
  return crowded ? [...others, ...uploads] : uploads;
}
