import { tick } from 'svelte';

/** Puts the keyboard into the first field of a form that was refused, where it was about a field. */
export async function focusInvalid(form: HTMLElement): Promise<void> {
  await tick();
  form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
}
