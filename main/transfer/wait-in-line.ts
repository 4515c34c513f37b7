/** One in a line: whoever serves it takes it out, and then says what it is given. */
export interface InLine<Want, Given> {
  readonly want: Want;
  readonly admit: (given: Given) => void;
}

/** Waits in a line, behind all others. Rejects with the signal's reason: it has left by then, and `onLeft` is called. */
export function waitInLine<Want, Given>(line: InLine<Want, Given>[], want: Want, signal: AbortSignal, onLeft: () => void): Promise<Given> {
  return new Promise((resolve, reject) => {
    const one = {
      want,
      admit: (given: Given): void => {
        signal.removeEventListener('abort', leave);
        resolve(given);
      },
    };
    const leave = (): void => {
      line.splice(line.indexOf(one), 1);
      reject(signal.reason as Error);
      onLeft();
    };
    line.push(one);
    signal.addEventListener('abort', leave, { once: true });
  });
}
