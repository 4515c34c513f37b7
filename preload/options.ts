export type LanguageChoice = 'system' | 'en' | 'zh-CN';
/** `en-XA` is the pseudo-language: English made longer and accented, for tests only. */
export type Language = 'en' | 'zh-CN' | 'en-XA';
export type ThemeChoice = 'system' | 'light' | 'dark';

/** How hard a package is compressed: time against size. */
export type PackLevel = 'fast' | 'balanced' | 'small';

/** How the cloud is reached; `url` is `http://host:port`, or https, socks4, socks4a, socks5, socks5h. Never a password. */
export type ProxyChoice =
  | { readonly kind: 'system' }
  | { readonly kind: 'none' }
  | { readonly kind: 'custom'; readonly url: string };

/** What the app does by itself. Each takes effect at once. */
export interface Options {
  readonly startsAtLogin: boolean;
  /** Closing the window leaves the app in the tray; else it quits. */
  readonly staysInTray: boolean;
  readonly notifies: boolean;
  /** A drop begins without showing first what it is. */
  readonly startsAtOnce: boolean;
  readonly packLevel: PackLevel;
  readonly proxy: ProxyChoice;
}

/** What of all that a person sets. */
export interface Preferences extends Partial<Options> {
  readonly languageChoice?: LanguageChoice;
  readonly themeChoice?: ThemeChoice;
}
