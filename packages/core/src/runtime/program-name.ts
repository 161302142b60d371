const windowsExtensions = /\.(?:cmd|exe|bat|ps1|com)$/i;

/** The bare name of a program: without folders (POSIX or Windows) and without a Windows extension. */
export function programName(command: string): string {
  const last = command.split(/[\\/]/).at(-1) ?? command;
  return last.replace(windowsExtensions, "");
}

/** True when a command names a file in a folder, or carries an extension of Windows. */
export function isHostSpecific(command: string): boolean {
  return /[\\/]/.test(command) || windowsExtensions.test(command);
}
