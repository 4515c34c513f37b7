import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** The time, in milliseconds; whatever reads it is brought up to date once a second. */
export function tickingNowMs(): number {
  subscribe();
  return Date.now();
}
