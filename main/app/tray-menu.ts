import type { MenuItemConstructorOptions } from 'electron';
import { formatPercent } from '../../preload/locales/formats.ts';
import type { CredentialState, Totals } from '../../preload/contract.ts';
import { menuLabel, shortName } from './menu-label.ts';
import type { UpdateState } from './updates.ts';
import type { UploadRow } from './upload-rows.ts';
import type { Words } from './words.ts';

const mostRows = 8;

/** What the tray shows. */
export interface TrayState {
  readonly rows: readonly UploadRow[];
  readonly totals: Totals;
  readonly credential: CredentialState['kind'];
  /** null where this app does not update itself. */
  readonly update: UpdateState | null;
}

/** What choosing from its menu does. */
export interface TrayActions {
  open(): void;
  pauseAll(): void;
  resumeAll(): void;
  refetch(): void;
  update(): void;
  quit(): void;
}

/** The ids of the items that are always there, for `Menu.getMenuItemById`. */
export const trayItemIds = { open: 'open', pauseAll: 'pause-all', resumeAll: 'resume-all', refetch: 'refetch-credentials', update: 'update', quit: 'quit' } as const;

export type TrayPicture = 'idle' | 'active' | 'paused' | 'failed';

/** Which of the pictures to show. Failures count once nothing is under way any more. */
export function trayPicture({ rows, totals }: TrayState): TrayPicture {
  if (rows.some((row) => row.phase !== 'paused')) return 'active';
  if (rows.length > 0) return 'paused';
  return totals.failed > 0 ? 'failed' : 'idle';
}

/** One line that says how things stand. */
export function trayTooltip(state: TrayState, { t, language }: Words): string {
  switch (trayPicture(state)) {
    case 'active':
      return t('shell:tray.tooltip.uploading', {
        count: state.rows.length,
        percent: formatPercent(state.totals.fraction ?? 0, language),
      });
    case 'paused':
      return t('shell:tray.tooltip.paused', { count: state.rows.length });
    case 'failed':
      return t('shell:tray.tooltip.failed', { count: state.totals.failed });
    case 'idle':
      return t('shell:tray.tooltip.idle');
  }
}

/** The whole menu, made anew from the state. */
export function trayMenuTemplate(state: TrayState, words: Words, actions: TrayActions): MenuItemConstructorOptions[] {
  const { t } = words;
  const fetching = state.credential === 'fetching';
  return [
    { id: trayItemIds.open, label: t('shell:tray.open'), click: () => actions.open() },
    { type: 'separator' },
    ...uploadItems(state.rows, words, actions),
    ...holdItems(state.rows, words, actions),
    { type: 'separator' },
    {
      id: trayItemIds.refetch,
      label: fetching ? t('shell:tray.refetching') : t('shell:tray.refetch'),
      enabled: !fetching,
      click: () => actions.refetch(),
    },
    { type: 'separator' },
    ...(state.update === null ? [] : [updateItem(state.update, words, actions)]),
    { id: trayItemIds.quit, label: t('shell:tray.quit'), click: () => actions.quit() },
  ];
}

function updateItem(update: UpdateState, { t }: Words, actions: TrayActions): MenuItemConstructorOptions {
  const labels = {
    idle: () => t('shell:tray.checkForUpdates'),
    checking: () => t('shell:tray.checkingForUpdates'),
    available: (version: string) => t('shell:tray.installUpdate', { version }),
    downloading: (version: string) => t('shell:tray.downloadingUpdate', { version }),
    ready: (version: string) => t('shell:tray.updateOnQuit', { version }),
  };
  return {
    id: trayItemIds.update,
    label: menuLabel(labels[update.kind]('version' in update ? update.version : '')),
    enabled: update.kind !== 'checking' && update.kind !== 'downloading',
    click: () => actions.update(),
  };
}

function holdItems(rows: readonly UploadRow[], { t }: Words, actions: TrayActions): MenuItemConstructorOptions[] {
  const items: MenuItemConstructorOptions[] = [];
  if (rows.some(({ phase }) => phase === 'waiting' || phase === 'uploading')) {
    items.push({ id: trayItemIds.pauseAll, label: t('actions.pauseAll'), click: () => actions.pauseAll() });
  }
  if (rows.some(({ phase }) => phase === 'paused')) items.push({ id: trayItemIds.resumeAll, label: t('actions.resumeAll'), click: () => actions.resumeAll() });
  return items.length > 0 ? [{ type: 'separator' }, ...items] : [];
}

function uploadItems(rows: readonly UploadRow[], words: Words, actions: TrayActions): MenuItemConstructorOptions[] {
  const { t } = words;
  if (rows.length === 0) return [{ label: t('shell:tray.nothing'), enabled: false }];
  const items = rows.slice(0, mostRows).map((row, at): MenuItemConstructorOptions => ({
    id: `upload-${at}`,
    label: menuLabel(rowLabel(row, words)),
    click: () => actions.open(),
  }));
  const more = rows.length - items.length;
  if (more > 0) items.push({ id: 'more', label: t('shell:tray.more', { count: more }), click: () => actions.open() });
  return items;
}

function rowLabel(row: UploadRow, { t, language }: Words): string {
  const name = shortName(row.name);
  switch (row.phase) {
    case 'waiting':
      return t('shell:tray.waiting', { name });
    case 'paused':
      return t('shell:tray.paused', { name });
    case 'cancelling':
      return t('shell:tray.cancelling', { name });
    case 'uploading':
      return t('shell:tray.upload', { name, percent: formatPercent(row.fraction, language) });
  }
}
