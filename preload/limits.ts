/** What uploads may take, together. Takes effect at once. */
export interface Limits {
  /** 1 to 32. */
  readonly parallelUploads: number;
  /** 1 to 64. */
  readonly partsInFlight: number;
  /** null: as fast as the line is. */
  readonly bytesPerSecond: number | null;
  /** Times of day at which another limit holds; the first that fits wins. */
  readonly timetable: readonly LimitHours[];
  /** Unfinished uploads go on by themselves when the app starts. */
  readonly resumesAtStart: boolean;
}

/** From one time of day to another, in minutes since midnight, local time; over midnight where it ends before it begins. */
export interface LimitHours {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly bytesPerSecond: number | null;
}
