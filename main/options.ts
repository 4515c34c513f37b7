import * as v from 'valibot';

/** What the app does by itself, as the window sets it and the settings keep it. */
export const optionsSchema = v.object({
  startsAtLogin: v.boolean(),
  staysInTray: v.boolean(),
  notifies: v.boolean(),
  startsAtOnce: v.boolean(),
  packLevel: v.picklist(['fast', 'balanced', 'small']),
  proxy: v.variant('kind', [
    v.object({ kind: v.literal('system') }),
    v.object({ kind: v.literal('none') }),
    v.object({ kind: v.literal('custom'), url: v.pipe(v.string(), v.maxLength(2_000)) }),
  ]),
});

export const initialOptions: v.InferOutput<typeof optionsSchema> = {
  startsAtLogin: false,
  staysInTray: true,
  notifies: true,
  startsAtOnce: false,
  packLevel: 'balanced',
  proxy: { kind: 'system' },
};
