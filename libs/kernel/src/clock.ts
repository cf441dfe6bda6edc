/** Where time comes from; instants are UTC with millisecond precision. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. The only place that reads it. */
export const systemClock: Clock = { now: () => new Date() };
