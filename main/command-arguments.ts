/** By this the launcher in the install tells a command from paths to open; nothing that a link or a file manager hands over begins so. */
export const commandMark = '--command-line';

/** What the launcher may put in front of the mark, for Chromium (assets/install). */
const launcherOptions: ReadonlySet<string> = new Set(['--no-sandbox', '--ozone-platform=headless', '--log-level=3']);

/**
 * The command line's arguments where the app was started as the command line, else null. `argv`
 * begins with the program. The mark counts only before everything that others may have put there.
 */
export function commandArguments(argv: readonly string[]): readonly string[] | null {
  const at = argv.findIndex((argument, index) => index > 0 && !launcherOptions.has(argument));
  return at > 0 && argv[at] === commandMark ? argv.slice(at + 1) : null;
}

/** What stands before the command line's own arguments: with it the program can be started once more. */
export function programArguments(argv: readonly string[]): readonly string[] {
  const own = commandArguments(argv);
  return argv.slice(1, own ? argv.length - own.length : 2);
}
