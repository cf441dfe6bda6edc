/** `2026-03-02T09:00` of an instant in a time zone. */
export function localTime(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at).replace(' ', 'T');
}

/** The instant that the clocks of a time zone show so; within an hour that is skipped, one nearby. */
export function instantOf(local: string, timeZone: string): Date {
  const asIfUtc = Date.parse(`${local}Z`);
  const offset = (at: number): number => Date.parse(`${localTime(new Date(at), timeZone)}Z`) - at;
  // Once more with the offset of the instant found: the first guess may lie beyond a change of the clocks.
  return new Date(asIfUtc - offset(asIfUtc - offset(asIfUtc)));
}
