import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { atMostSlowest, atMostTimes, lineShareAtLeast, type RunFigures } from '../bench/goal.ts';
import { Materials, type Kind } from '../bench/materials.ts';
import { median } from '../bench/results.ts';

const walls = (of: Readonly<Record<string, number>>): RunFigures => new Map(Object.entries(of).map(([name, wallSeconds]) => (
  [name, { wallSeconds, cpuSeconds: null, peakMegabytes: null, archiveBytes: null }]
)));

describe('A goal', () => {
  test('is measured against the peer of the same run, and not at all where the peer was missing', () => {
    const goal = atMostTimes('wallSeconds', 'ours', 'theirs', 0.5);
    expect(goal.measured(walls({ ours: 1, theirs: 4 }))).toBe(0.25);
    expect(goal.measured(walls({ ours: 1 }))).toBeNull();
    expect(atMostTimes('cpuSeconds', 'ours', 'theirs', 0.5).measured(walls({ ours: 1, theirs: 4 }))).toBeNull();
  });

  test('of overlapping work is measured against the slower of its halves', () => {
    expect(atMostSlowest('ours', ['pack', 'send'], 1.1).measured(walls({ ours: 6, pack: 5, send: 3 }))).toBe(1.2);
  });

  test('of a line is the share of its rate', () => {
    expect(lineShareAtLeast('ours', 25e6, 200e6, 0.9).measured(walls({ ours: 1.25 }))).toBe(0.8);
  });
});

test('a median is the middle one, the mean of the two in the middle, and nothing where a value is missing', () => {
  expect(median([9, 1, 2])).toBe(2);
  expect(median([1, 2, 4, 9])).toBe(3);
  expect(median([1, null])).toBeNull();
  expect(median([])).toBeNull();
});

describe('The data', () => {
  const someBytes = 500_000;
  const bytes = (kind: Kind): Buffer => Buffer.concat([...new Materials(7).take(kind, someBytes)]);

  test.each([['text', 0.2, 0.35], ['machine-code', 0.35, 0.6], ['samples', 0.6, 0.95], ['compressed', 1, 1.01]] as const)('of kind %s is the same every time and compresses like its kind', (kind, least, most) => {
    const made = bytes(kind);
    expect(made.equals(bytes(kind))).toBe(true);
    const share = deflateRawSync(made, { level: 6 }).length / someBytes;
    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(most);
  });
});
