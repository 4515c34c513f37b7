import { describe, expect, it, vi } from 'vitest';
import { createQuitGuard } from '../../main/app/quit-guard.ts';

function desk(settings: { unfinished?: number; answers?: Promise<boolean>[]; close?: () => Promise<void> } = {}) {
  const happened: string[] = [];
  const answers = [...(settings.answers ?? [])];
  const guard = createQuitGuard({
    unfinished: () => settings.unfinished ?? 0,
    ask: (count) => {
      happened.push(`ask ${count}`);
      return answers.shift() ?? Promise.resolve(false);
    },
    leave: () => happened.push('leave'),
    close: () => {
      happened.push('close');
      return settings.close?.() ?? Promise.resolve();
    },
    exit: () => happened.push('exit'),
    log: { warn: () => happened.push('warn'), error: () => happened.push('error') },
  });
  const prevented: boolean[] = [];
  const quit = (): void => guard.beforeQuit({ preventDefault: () => prevented.push(true) });
  return { guard, happened, prevented, quit };
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('quitting', () => {
  it('closes the engine before it exits, without a question when nothing is unfinished', async () => {
    const { quit, happened, prevented } = desk();
    quit();
    await settled();
    expect(prevented).toEqual([true]);
    expect(happened).toEqual(['leave', 'close', 'exit']);
  });

  it('stays when the person keeps uploading, and asks again the next time', async () => {
    const { quit, happened, guard } = desk({ unfinished: 2, answers: [Promise.resolve(false), Promise.resolve(true)] });
    quit();
    await settled();
    expect(happened).toEqual(['ask 2']);
    expect(guard.quitting).toBe(false);
    quit();
    await settled();
    expect(happened).toEqual(['ask 2', 'ask 2', 'leave', 'close', 'exit']);
    expect(guard.quitting).toBe(true);
  });

  it('asks once, however often the person wants to quit meanwhile', async () => {
    let answer: (sure: boolean) => void = () => undefined;
    const { quit, happened } = desk({ unfinished: 1, answers: [new Promise((resolve) => (answer = resolve))] });
    quit();
    quit();
    await settled();
    expect(happened).toEqual(['ask 1']);
    answer(true);
    await settled();
    quit();
    await settled();
    expect(happened).toEqual(['ask 1', 'leave', 'close', 'exit']);
  });

  it('does not quit when the question cannot be asked', async () => {
    const { quit, happened } = desk({ unfinished: 1, answers: [Promise.reject(new Error('no display'))] });
    quit();
    await settled();
    expect(happened).toEqual(['ask 1', 'error']);
  });

  it('asks nobody when the session ends, even over an open question', async () => {
    let answer: (sure: boolean) => void = () => undefined;
    const { quit, guard, happened } = desk({ unfinished: 3, answers: [new Promise((resolve) => (answer = resolve))] });
    quit();
    guard.sessionEnds();
    answer(false);
    await settled();
    expect(guard.quitting).toBe(true);
    expect(happened).toEqual(['ask 3', 'leave', 'close', 'exit']);
  });

  it('exits when closing fails', async () => {
    const { quit, happened } = desk({ close: () => Promise.reject(new Error('stuck')) });
    quit();
    await settled();
    expect(happened).toEqual(['leave', 'close', 'error', 'exit']);
  });

  it('waits for closing, but no longer than five seconds', async () => {
    vi.useFakeTimers();
    try {
      const { quit, happened } = desk({ close: () => new Promise(() => undefined) });
      quit();
      await vi.advanceTimersByTimeAsync(4_999);
      expect(happened).toEqual(['leave', 'close']);
      await vi.advanceTimersByTimeAsync(1);
      expect(happened).toEqual(['leave', 'close', 'warn', 'exit']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets through what quits once more in place of exiting, as an update does', async () => {
    const { quit, happened, prevented, guard } = desk();
    quit();
    await settled();
    quit();
    await settled();
    expect(prevented).toEqual([true]);
    expect(happened).toEqual(['leave', 'close', 'exit']);
    expect(guard.quitting).toBe(true);
  });
});
