import { toProblem } from '../ferry-error.ts';
import type { Problem } from '../../preload/contract.ts';
import type { Ferry } from '../uploads/ferry.ts';

interface FollowOptions {
  readonly ferry: Pick<Ferry, 'appState' | 'subscribe' | 'setPreferences'>;
  readonly set: (starts: boolean) => Promise<void>;
  readonly onProblem: (problem: Problem) => void;
}

/** Tells the system when the person changes whether the app starts at login; a refusal takes the change back. */
export function followStartAtLogin({ ferry, set, onProblem }: FollowOptions): void {
  let last = ferry.appState().options.startsAtLogin;
  ferry.subscribe('app', ({ options: { startsAtLogin } }) => {
    if (startsAtLogin === last) return;
    last = startsAtLogin;
    set(startsAtLogin).catch(async (error: unknown) => {
      onProblem(toProblem(error));
      last = !startsAtLogin;
      await ferry.setPreferences({ startsAtLogin: !startsAtLogin });
    }).catch((error: unknown) => { onProblem(toProblem(error)); });
  });
}
