import { readFileSync } from 'node:fs';
import { newId } from '@tom/kernel';
import type { OutgoingMessage } from '@tom/messaging';

/** A message of another system as docs/samples holds it: the value is JSON instead of its text. */
export interface Sample {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** Reads a sample; throws when the file is none. */
export function readSample(file: string | URL): Sample {
  const sample = JSON.parse(readFileSync(file, 'utf8')) as Partial<Sample>;
  const { topic, key, headers, value } = sample;
  if (typeof topic !== 'string' || typeof key !== 'string' || typeof headers !== 'object' || value === undefined) {
    throw new Error(`${String(file)} is no sample: expected { topic, key, headers, value }`);
  }
  return { topic, key, headers, value };
}

/** The sample as it stands there. A second one is a duplicate, and one older than 35 days is refused. */
export function asItIs({ topic, key, headers, value }: Sample): OutgoingMessage {
  return { topic, key, headers, value: JSON.stringify(value) };
}

/** The sample as a system would send it now: with an id of its own and the present time. */
export function asSentNow(sample: Sample, now: Date): OutgoingMessage {
  const headers = { ...sample.headers, ce_id: newId(), ce_time: now.toISOString() };
  return asItIs({ ...sample, headers });
}
