import type { Limits } from '../../preload/contract.ts';

/** The bandwidth limit that holds at this time of day: the timetable's first hours that fit, else the general one. */
export function bytesPerSecondAt(limits: Limits, date: Date): number | null {
  const minute = date.getHours() * 60 + date.getMinutes();
  const hours = limits.timetable.find(({ fromMinute, toMinute }) => fromMinute <= toMinute
    ? minute >= fromMinute && minute < toMinute
    : minute >= fromMinute || minute < toMinute);
  return hours ? hours.bytesPerSecond : limits.bytesPerSecond;
}
