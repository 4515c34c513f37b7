/** Settles after a whole turn of the event loop: whatever had arrived was read within it, wherever in the loop it begins. */
export function wholeTurn(): Promise<void> {
  return new Promise((resolve) => { setImmediate(() => setImmediate(resolve)); });
}
