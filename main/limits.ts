import * as v from 'valibot';

const bytesPerSecond = v.nullable(v.pipe(v.number(), v.minValue(1)));
const minuteOfDay = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1439));

/** What uploads may take together, as the window sets it and the settings keep it. */
export const limitsSchema = v.object({
  parallelUploads: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(32)),
  partsInFlight: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
  bytesPerSecond,
  timetable: v.pipe(v.array(v.object({ fromMinute: minuteOfDay, toMinute: minuteOfDay, bytesPerSecond })), v.maxLength(24)),
  resumesAtStart: v.boolean(),
});

export const initialLimits: v.InferOutput<typeof limitsSchema> = {
  parallelUploads: 6,
  partsInFlight: 32,
  bytesPerSecond: null,
  timetable: [],
  resumesAtStart: true,
};
