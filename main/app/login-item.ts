import type { App } from 'electron';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** With this the app starts into the tray, without its window. */
export const hiddenOption = '--hidden';

/** Whether the app starts when its person logs in. */
export interface LoginItem {
  isOn(): boolean;
  /** Throws what the system refuses. */
  set(on: boolean): void;
}

interface LoginItemOptions {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The running binary. */
  readonly executable: string;
}

/** Windows and macOS keep such a list; Linux desktops read the autostart folder (freedesktop.org). */
export function loginItem(app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>, options: LoginItemOptions): LoginItem {
  const args = [hiddenOption];
  if (options.platform !== 'linux') {
    return {
      isOn: () => app.getLoginItemSettings({ args }).openAtLogin,
      set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin, args }),
    };
  }
  const file = join(options.environment['XDG_CONFIG_HOME'] || join(options.home, '.config'), 'autostart', 'cos-ferry.desktop');
  return {
    isOn: () => statSync(file, { throwIfNoEntry: false }) !== undefined,
    set(on) {
      if (!on) return rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, autostartEntry(launcher(options)));
    },
  };
}

/** An AppImage runs from a place that is gone with it; elsewhere the launcher lies beside the binary. */
function launcher({ environment, executable }: LoginItemOptions): string {
  return environment['APPIMAGE'] || join(dirname(executable), 'cos-ferry');
}

function autostartEntry(program: string): string {
  // Quoted for Exec, where a percent sign begins a field code, and once more as any string of the file.
  const quoted = program.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('\\', '\\\\');
  return ['[Desktop Entry]', 'Type=Application', 'Name=COS Ferry', `Exec="${quoted}" ${hiddenOption}`, 'X-GNOME-Autostart-enabled=true', ''].join('\n');
}
