import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { HistoryFilter, HistoryFormat } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import { historyAsCsv, historyAsJson } from '../history/export-history.ts';
import type { Ferry } from '../uploads/ferry.ts';
import type { Words } from './words.ts';

const writers = { csv: historyAsCsv, json: historyAsJson } as const;

/** Asks where to and saves there what is found in the history; false when the person gave it up. Throws `export-failed`. */
export async function saveHistory(
  ferry: Pick<Ferry, 'findInHistory'>,
  window: BrowserWindow | null,
  { t }: Words,
  { format, filter }: { readonly format: HistoryFormat; readonly filter: HistoryFilter },
): Promise<boolean> {
  const options = {
    title: t('shell:chooser.saveHistory'),
    defaultPath: path.join(app.getPath('downloads'), `COS Ferry ${new Date().toISOString().slice(0, 10)}.${format}`),
    filters: [{ name: format.toUpperCase(), extensions: [format] }],
  };
  const { canceled, filePath } = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
  if (canceled || filePath === '') return false;
  try {
    await writeFile(filePath, writers[format](await ferry.findInHistory(filter)));
  } catch (error) {
    throw new FerryError({ code: 'export-failed', params: { file: filePath }, detail: (error as Error).message }, { cause: error });
  }
  return true;
}
