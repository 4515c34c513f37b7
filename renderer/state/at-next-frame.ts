import type { Soon } from './later.ts';

/** A window that is hidden draws no frames. */
const patienceMs = 200;

/**
 * Runs something once, where the next frame begins: it has all of the frame's time then, and what
 * it changes is drawn in the same frame.
 */
export const atNextFrame: Soon = (run) => {
  const end = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const runOnce = (): void => {
    end();
    run();
  };
  const frame = requestAnimationFrame(runOnce);
  const timer = setTimeout(runOnce, patienceMs);
  return end;
};
