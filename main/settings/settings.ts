import * as v from 'valibot';
import { initialLimits, limitsSchema } from '../limits.ts';
import { initialOptions, optionsSchema } from '../options.ts';
import { migrateSettings } from './migrate-settings.ts';

const destination = v.object({
  service: v.picklist(['ms', 'car']),
  applicationId: v.string(),
  cosRegion: v.string(),
  durationSeconds: v.nullable(v.number()),
});

const recentDestination = v.object({
  accountId: v.string(),
  destination,
  /** car: as the service listed it. */
  applicationName: v.nullable(v.string()),
});

/** An account as it is kept on disk: everything but its SecretKey. */
export const accountSchema = v.object({
  id: v.string(),
  label: v.string(),
  site: v.picklist(['china', 'international']),
  secretId: v.string(),
  apiEndpoint: v.nullable(v.string()),
  cosDomain: v.nullable(v.string()),
  /** Its key was kept in memory only and has to be given again after a start. */
  sessionOnly: v.boolean(),
  /** A key of it may be in the keychain, and has to be deleted with the account. */
  wasInKeychain: v.boolean(),
});

/** Where the window was, in the system's points. */
export const windowPlaceSchema = v.object({ x: v.number(), y: v.number(), width: v.number(), height: v.number(), maximized: v.boolean() });

const settingsOfToday = v.object({
  version: v.literal(2),
  languageChoice: v.picklist(['system', 'en', 'zh-CN']),
  themeChoice: v.picklist(['system', 'light', 'dark']),
  accounts: v.array(accountSchema),
  accountId: v.string(),
  /** By account id. */
  destinations: v.record(v.string(), destination),
  /** Hints that were shown once and need not be shown again. */
  hintsShown: v.array(v.string()),
  limits: v.optional(limitsSchema, initialLimits),
  options: optionsSchema,
  /** null before the window was ever moved. */
  windowPlace: v.nullable(windowPlaceSchema),
  /** The first run is over: the sandbox or a key was chosen. */
  hasChosen: v.optional(v.boolean(), false),
  destinationLocked: v.optional(v.boolean(), false),
  /** The latest first. */
  recentDestinations: v.optional(v.array(recentDestination), []),
  /** Bytes a second, as last measured, by account id. */
  speeds: v.optional(v.record(v.string(), v.number()), {}),
});

/** Settings of every version, brought to today's. */
export const settingsSchema = v.pipe(v.unknown(), v.transform(migrateSettings), settingsOfToday);

export type StoredAccount = v.InferOutput<typeof accountSchema>;
export type WindowPlace = v.InferOutput<typeof windowPlaceSchema>;
export type Settings = v.InferOutput<typeof settingsSchema>;

export const sandboxAccountId = 'sandbox';

export const initialSettings: Settings = {
  version: 2,
  languageChoice: 'system',
  themeChoice: 'system',
  accounts: [],
  accountId: sandboxAccountId,
  destinations: {},
  hintsShown: [],
  limits: initialLimits,
  options: initialOptions,
  windowPlace: null,
  hasChosen: false,
  destinationLocked: false,
  recentDestinations: [],
  speeds: {},
};
