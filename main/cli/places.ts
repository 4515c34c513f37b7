import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the command line keeps what is unfinished, unless it is told otherwise. */
export function stateDirectory(environment: Environment, platform: NodeJS.Platform = process.platform, home = homedir()): string {
  if (platform === 'win32') return path.join(environment['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'COS Ferry', 'command-line');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'COS Ferry', 'command-line');
  return path.join(environment['XDG_STATE_HOME'] || path.join(home, '.local', 'state'), 'cos-ferry');
}

/** The app's user-data folder, where its settings are: Electron's `userData` by its own rules. */
export function appDirectory(environment: Environment, platform: NodeJS.Platform = process.platform, home = homedir()): string {
  if (environment['COS_FERRY_USER_DATA']) return path.resolve(environment['COS_FERRY_USER_DATA']);
  if (platform === 'win32') return path.join(environment['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'COS Ferry');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'COS Ferry');
  return path.join(environment['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'COS Ferry');
}
