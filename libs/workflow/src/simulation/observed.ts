/** An event as workflow-service keeps it: codes and times, nobody's name. */
export interface ObservedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly caseId?: string | undefined;
  readonly aggregateId: string;
  readonly at: Date;
  /** What caused it; absent for what a person did, or another system. */
  readonly causationId?: string | undefined;
  readonly codes: Readonly<Record<string, unknown>>;
}

export function textOf(event: ObservedEvent, name: string): string | undefined {
  const value = event.codes[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function instantIn(event: ObservedEvent, name: string): Date | undefined {
  const value = event.codes[name];
  const at = typeof value === 'string' ? new Date(value) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
}
