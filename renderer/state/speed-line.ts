const width = 100;
const height = 40;
/** So that the peak is not cut by the edge. */
const above = 2;

/** The speeds as an SVG path over a box of 100 by 40, the highest at its upper edge. Two of them at least. */
export function speedLine(speeds: readonly number[]): string {
  const most = Math.max(1, ...speeds);
  const step = width / Math.max(1, speeds.length - 1);
  const points = speeds.map((speed, index) => `${round(index * step)} ${round(height - (speed / most) * (height - above))}`);
  return `M${points.join(' L')}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
