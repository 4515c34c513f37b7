/** What the application menu asks the window to show. */
export type WindowCommand = 'settings' | 'history' | 'shortcuts' | 'about';

/** What has ended, in words, for whoever hears the window instead of seeing it. */
export interface News {
  readonly title: string;
  readonly body: string;
}
