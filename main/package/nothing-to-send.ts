import type { LeftOut } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';

/** Everything of what was dropped is left out: `source-nothing-to-send`, with what it was and why. */
export class NothingToSend extends FerryError {
  readonly leftOut: readonly LeftOut[];

  constructor(name: string, leftOut: readonly LeftOut[]) {
    super({ code: 'source-nothing-to-send', params: { name } });
    this.name = 'NothingToSend';
    this.leftOut = leftOut;
  }
}
