import { isAbsolute } from 'node:path';
import * as v from 'valibot';
import type { Requests } from '../../preload/contract.ts';
import { limitsSchema } from '../limits.ts';
import { optionsSchema } from '../options.ts';

/** One schema a request, of its whole list of arguments. A forgotten or a different one does not compile. */
export type RequestSchemas = {
  readonly [K in keyof Requests]: v.GenericSchema<unknown, Parameters<Requests[K]>>;
};

// The bounds only keep nonsense out; what is wrong with a value in its field is for the engine to
// say, in words. So an empty text, a negative duration and an unknown region pass here.
const text = v.pipe(v.string(), v.maxLength(2_000));
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const ids = v.pipe(v.array(id), v.maxLength(1_000_000));
const path = v.pipe(
  v.string(),
  v.maxLength(32_767),
  v.check((value) => isAbsolute(value) && !value.includes('\0'), 'not an absolute path'),
);

const draft = v.strictObject({
  label: text,
  site: v.picklist(['china', 'international']),
  secretId: text,
  secretKey: text,
  apiEndpoint: v.nullable(text),
  cosDomain: v.nullable(text),
  sessionOnly: v.boolean(),
});

const destination = v.strictObject({
  service: v.picklist(['ms', 'car']),
  applicationId: text,
  cosRegion: text,
  durationSeconds: v.nullable(v.pipe(v.number(), v.finite())),
});

const target = v.strictObject({ accountId: id, destination });

const preferences = v.strictObject({
  languageChoice: v.exactOptional(v.picklist(['system', 'en', 'zh-CN'])),
  themeChoice: v.exactOptional(v.picklist(['system', 'light', 'dark'])),
  startsAtLogin: v.exactOptional(optionsSchema.entries.startsAtLogin),
  staysInTray: v.exactOptional(optionsSchema.entries.staysInTray),
  notifies: v.exactOptional(optionsSchema.entries.notifies),
  startsAtOnce: v.exactOptional(optionsSchema.entries.startsAtOnce),
  packLevel: v.exactOptional(optionsSchema.entries.packLevel),
  proxy: v.exactOptional(optionsSchema.entries.proxy),
});

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const historyFilter = v.strictObject({ search: text, outcome: v.nullable(v.picklist(['done', 'failed', 'cancelled'])) });
const historyQuery = v.strictObject({ ...historyFilter.entries, offset: whole, limit: v.pipe(whole, v.maxValue(10_000)) });

/** What main accepts from the window. */
export const requestSchemas: RequestSchemas = {
  getState: v.strictTuple([]),
  addAccount: v.strictTuple([draft]),
  removeAccount: v.strictTuple([id]),
  selectAccount: v.strictTuple([id]),
  setDestination: v.strictTuple([destination]),
  refreshCredential: v.strictTuple([]),
  dropPaths: v.strictTuple([v.pipe(v.array(path), v.minLength(1), v.maxLength(100_000)), v.nullable(target)]),
  chooseFiles: v.strictTuple([]),
  chooseFolder: v.strictTuple([]),
  answerPendingDrop: v.strictTuple([id, v.nullable(text)]),
  networkIsBack: v.strictTuple([]),
  cancelUploads: v.strictTuple([ids]),
  cancelReading: v.strictTuple([ids]),
  retryUploads: v.strictTuple([ids]),
  readAgain: v.strictTuple([ids]),
  pauseUploads: v.strictTuple([ids]),
  resumeUploads: v.strictTuple([ids]),
  moveUploads: v.strictTuple([ids, v.nullable(id)]),
  copyReport: v.strictTuple([id]),
  setLimits: v.strictTuple([limitsSchema]),
  clearFinished: v.strictTuple([]),
  removeFinished: v.strictTuple([ids, ids]),
  undoRemoval: v.strictTuple([id]),
  runAgain: v.strictTuple([ids]),
  showObject: v.strictTuple([id]),
  showSource: v.strictTuple([id]),
  copyAddresses: v.strictTuple([ids, v.picklist(['key', 'url'])]),
  uploadDetails: v.strictTuple([id]),
  openSandboxFolder: v.strictTuple([]),
  openLogFolder: v.strictTuple([]),
  openDataFolder: v.strictTuple([]),
  copyText: v.strictTuple([v.pipe(v.string(), v.maxLength(100_000))]),
  setPreferences: v.strictTuple([preferences]),
  useDestination: v.strictTuple([target]),
  lockDestination: v.strictTuple([v.boolean()]),
  listApplications: v.strictTuple([id]),
  endFirstRun: v.strictTuple([]),
  openKeyConsole: v.strictTuple([v.picklist(['china', 'international'])]),
  startDrop: v.strictTuple([id, v.boolean()]),
  discardDrop: v.strictTuple([id]),
  checkDrop: v.strictTuple([id]),
  history: v.strictTuple([historyQuery]),
  historyFiles: v.strictTuple([v.strictObject({ ...historyQuery.entries, folderId: id })]),
  uploadAgain: v.strictTuple([id]),
  showHistorySource: v.strictTuple([id]),
  copyHistoryUrl: v.strictTuple([id]),
  exportHistory: v.strictTuple([v.picklist(['csv', 'json']), historyFilter]),
  clearHistory: v.strictTuple([]),
};
