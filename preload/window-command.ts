/** What the application menu asks the window to show. */
export type WindowCommand = 'settings' | 'history' | 'shortcuts' | 'about' | 'search';
