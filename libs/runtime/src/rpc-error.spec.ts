import { Metadata, status as Status, type StatusObject } from '@grpc/grpc-js';
import { DomainError, errorCodes, type ErrorCode } from '@tom/kernel';
import { describe, expect, it } from 'vitest';
import { errorOfCall, statusOfRefusal } from './rpc-error.ts';
import { decodeRpcStatus, encodeRpcStatus } from './rpc-status.ts';

const PATH = '/tom.task.v1.TaskService/CreateTask';

function received(answer: { code: Status; details: string; metadata?: Metadata }): StatusObject {
  return { ...answer, metadata: answer.metadata ?? new Metadata() };
}

describe('a refusal', () => {
  const statuses: Record<ErrorCode, keyof typeof Status> = {
    INVALID: 'INVALID_ARGUMENT',
    UNAUTHENTICATED: 'UNAUTHENTICATED',
    FORBIDDEN: 'PERMISSION_DENIED',
    NOT_FOUND: 'NOT_FOUND',
    RULES_UNMET: 'FAILED_PRECONDITION',
    STAGE_CHANGED: 'FAILED_PRECONDITION',
    TASK_CLAIMED_BY: 'FAILED_PRECONDITION',
    CASE_CLAIMED_BY: 'FAILED_PRECONDITION',
    STATE_REFUSED: 'FAILED_PRECONDITION',
    CASE_OPEN_EXISTS: 'ALREADY_EXISTS',
    EXTERNAL_REF_TAKEN: 'ALREADY_EXISTS',
    IDEMPOTENCY_KEY_REUSED: 'ALREADY_EXISTS',
    STALE_VERSION: 'ABORTED',
    TOO_MANY_REQUESTS: 'RESOURCE_EXHAUSTED',
    UNAVAILABLE: 'UNAVAILABLE',
  };

  it.each(Object.keys(errorCodes) as ErrorCode[])('%s has its status and comes back as it was', (code) => {
    const refusal = new DomainError(code, `Straße: ${code}.`, { by: 'ida', nested: [{ de: 'ü' }], none: null });
    const answer = statusOfRefusal(refusal);
    expect(Status[answer.code]).toBe(statuses[code]);
    const back = errorOfCall(received(answer), PATH);
    expect(back).toBeInstanceOf(DomainError);
    expect(back).toMatchObject({ code, message: refusal.message, details: refusal.details });
  });

  it('without details comes back without details', () => {
    expect(errorOfCall(received(statusOfRefusal(DomainError.notFound('Task 1'))), PATH)).toMatchObject({
      message: 'Task 1 does not exist.',
      details: {},
    });
  });

  it('of an input tells every violation to clients of any kind', () => {
    const refusal = DomainError.invalid([
      { path: 'name', message: 'is missing', expected: 'a text' },
      { path: 'dueAt', message: 'is no time', expected: '' },
    ]);
    const bytes = statusOfRefusal(refusal).metadata?.get('grpc-status-details-bin')[0] as Buffer;
    expect(decodeRpcStatus(bytes).fieldViolations).toEqual([
      { field: 'name', description: 'is missing (expected a text)' },
      { field: 'dueAt', description: 'is no time' },
    ]);
  });
});

describe('a failed call without a refusal of ours', () => {
  it('is UNAVAILABLE when the service is away or slow, without the name of a host', () => {
    const away = errorOfCall(
      received({ code: Status.UNAVAILABLE, details: 'connect ECONNREFUSED 10.0.0.7:7103' }),
      PATH,
    );
    expect(away).toMatchObject({ code: 'UNAVAILABLE', message: 'TaskService is not available at the moment.' });
    expect(away.cause).toBeInstanceOf(Error);
    const cut = errorOfCall(received({ code: Status.CANCELLED, details: 'x' }), PATH);
    expect(cut).toMatchObject({ code: 'UNAVAILABLE', message: 'TaskService is not available at the moment.' });
    const slow = errorOfCall(received({ code: Status.DEADLINE_EXCEEDED, details: 'x' }), PATH);
    expect(slow).toMatchObject({ code: 'UNAVAILABLE', message: 'TaskService did not answer in time.' });
  });

  it.each(['INTERNAL', 'UNKNOWN', 'UNIMPLEMENTED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION'] as const)(
    'is a fault when it is %s, with the words of the other side as its cause',
    (name) => {
      const error = errorOfCall(received({ code: Status[name], details: 'inner' }), PATH);
      expect(error).not.toBeInstanceOf(DomainError);
      expect(error.message).toBe(`${PATH} failed with ${name}.`);
      expect((error.cause as Error).message).toBe(`${PATH}: ${name} inner`);
    },
  );

  it('does not believe damaged details, or those of another domain or of a code that it does not know', () => {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from([0x12, 0xff]));
    const damaged = errorOfCall(received({ code: Status.NOT_FOUND, details: 'x', metadata }), PATH);
    expect(damaged).not.toBeInstanceOf(DomainError);
    for (const errorInfo of [
      { reason: 'toString', domain: 'tom', metadata: {} },
      { reason: 'NOT_FOUND', domain: 'other', metadata: {} },
      { reason: 'NOT_FOUND', domain: 'tom', metadata: { details: '{' } },
    ]) {
      metadata.set('grpc-status-details-bin', encodeRpcStatus({ code: 5, message: 'm', errorInfo }));
      const strange = errorOfCall(received({ code: Status.NOT_FOUND, details: 'x', metadata }), PATH);
      expect(strange).not.toBeInstanceOf(DomainError);
    }
  });
});
