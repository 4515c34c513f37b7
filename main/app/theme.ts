import { nativeTheme } from 'electron';
import type { Ferry } from '../uploads/ferry.ts';

/** Keeps the system's own parts (menus, dialogs, `prefers-color-scheme`) in the theme the person chose. */
export function followTheme(ferry: Ferry): void {
  nativeTheme.themeSource = ferry.appState().themeChoice;
  ferry.subscribe('app', (state) => {
    if (nativeTheme.themeSource !== state.themeChoice) nativeTheme.themeSource = state.themeChoice;
  });
}
