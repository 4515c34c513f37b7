/**
 * The packages that main's build leaves out; all others are built in, since file by file they take
 * longer to load. These bring binaries, or look for their own files; `supports-color` is a tool of
 * development that `debug` goes without where there is none.
 */
export const externalPackages = ['keytar', 'electron-log/node', 'electron-updater', 'supports-color'];
