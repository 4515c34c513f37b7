import { dialog } from 'electron';
import type { BrowserWindow, OpenDialogOptions } from 'electron';
import type { Ferry } from '../uploads/ferry.ts';
import type { Words } from './words.ts';

/** The system's choosers, one open at a time. What is chosen is dropped; giving up drops nothing. */
export interface Choosers {
  chooseFiles(): Promise<void>;
  chooseFolder(): Promise<void>;
}

/** Two of them, because Windows and Linux cannot offer files and folders in one. */
export function createChoosers(ferry: Pick<Ferry, 'drop'>, window: () => BrowserWindow | null, words: () => Words): Choosers {
  let open = false;
  async function choose(options: OpenDialogOptions): Promise<void> {
    if (open) return;
    open = true;
    try {
      const parent = window();
      const { canceled, filePaths } = await (parent === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options));
      if (!canceled && filePaths.length > 0) ferry.drop(filePaths);
    } finally {
      open = false;
    }
  }
  return {
    chooseFiles() {
      const { t } = words();
      return choose({ title: t('shell:chooser.files'), buttonLabel: t('shell:chooser.upload'), properties: ['openFile', 'multiSelections'] });
    },
    chooseFolder() {
      const { t } = words();
      return choose({ title: t('shell:chooser.folder'), buttonLabel: t('shell:chooser.upload'), properties: ['openDirectory'] });
    },
  };
}
