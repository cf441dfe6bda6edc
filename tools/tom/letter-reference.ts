import { serviceNamed, type ServiceName } from './connections.ts';
import { UsageError } from './errors.ts';

/** Which dead letter is meant: its number is that of its group alone, so both are named. */
export interface LetterReference {
  readonly group: ServiceName;
  readonly id: number;
}

/** Reads `task-service/17`, as `dlq list` shows it. */
export function readReference(text: string): LetterReference {
  const match = /^([a-z-]+)\/([1-9]\d{0,15})$/.exec(text);
  if (!match) throw new UsageError(`'${text}' is no dead letter: expected one as dlq list shows it, such as task-service/17`);
  return { group: serviceNamed(match[1] ?? ''), id: Number(match[2]) };
}
