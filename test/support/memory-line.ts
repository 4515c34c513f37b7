import { Clock } from '../../main/clock.ts';
import { Connections } from '../../main/connections.ts';
import { Connectivity } from '../../main/connectivity.ts';
import { usualPatience, type Patience } from '../../main/patience.ts';
import type { Line } from '../../main/transfer/line.ts';
import { PartBuffers } from '../../main/transfer/part-buffers.ts';
import { SendCrew } from '../../main/transfer/send-crew.ts';
import { Slots } from '../../main/transfer/slots.ts';
import { Throttle } from '../../main/transfer/throttle.ts';

/** Waits as short as a test wants them; how often, and what for, is as in life. Who answers is in the test's own thread, which may stand still for a moment. */
export const shortPatience: Patience = { ...usualPatience, baseDelayMs: 5, maxDelayMs: 50, stallMs: 2_000, completeMs: 4_000, answerMs: 2_000, measureMs: 300 };

/** For a cloud that hangs on purpose. */
export const hangPatience = { stallMs: 400, completeMs: 800, answerMs: 400 } satisfies Partial<Patience>;

/** A line of its own for a test that needs no engine. */
export function lineOf(change: Partial<Line> & { readonly most?: number } = {}): Line {
  const { most = 3, ...others } = change;
  const connections = change.connections ?? new Connections();
  const throttle = new Throttle();
  return {
    clock: new Clock(),
    connectivity: new Connectivity({ onChange: () => undefined }),
    slots: new Slots(most),
    throttle,
    patience: shortPatience,
    connections,
    buffers: new PartBuffers(),
    crew: new SendCrew({ connections, throttle }),
    ...others,
  };
}
