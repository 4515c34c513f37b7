/** What a desktop starts at login, as the Desktop Entry Specification has it. */
export function desktopEntry(command: readonly string[]): string {
  return `${['[Desktop Entry]', 'Type=Application', 'Name=COS Ferry', `Exec=${command.map(quoted).join(' ')}`, 'Terminal=false', 'X-GNOME-Autostart-enabled=true'].join('\n')}\n`;
}

/** Quoted for Exec, and then escaped as every value is; a percent sign would begin a field code. */
function quoted(argument: string): string {
  const inQuotes = argument.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${inQuotes.replaceAll('\\', '\\\\')}"`;
}
