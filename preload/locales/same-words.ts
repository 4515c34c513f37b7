/**
 * The shape a translation must have to be whole: every key of the English original, none other.
 * `_one` is left out because Chinese has a single plural form, `_other`.
 */
export type SameWords<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : SameWords<T[K]>;
};
