import { UsageError } from './errors.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** An instant that was typed, with its offset from UTC; undefined for a text that is none. */
export function instantOf(text: string | undefined): Date | undefined {
  const at = text !== undefined && INSTANT.test(text) ? new Date(text) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
}

/** An option that names an instant of the past; undefined when it was not given. */
export function pastInstant(option: string, text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  const at = instantOf(text);
  if (!at) throw new UsageError(`--${option} expects an instant such as 2026-05-01T08:00:00Z, not '${text}'`);
  if (at > now) throw new UsageError(`--${option} ${text} lies in the future`);
  return at;
}
