import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { decodeRpcStatus, encodeRpcStatus } from './rpc-status.ts';

const { root } = protobuf.parse(
  `
  syntax = "proto3";
  package google.rpc;
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
  message BadRequest {
    message FieldViolation { string field = 1; string description = 2; string reason = 3; }
    repeated FieldViolation field_violations = 1;
  }
`,
  { keepCase: true },
);
const Status = root.lookupType('google.rpc.Status');
const ErrorInfo = root.lookupType('google.rpc.ErrorInfo');
const BadRequest = root.lookupType('google.rpc.BadRequest');

const anyText = fc.string({ unit: 'binary', maxLength: 20 });

describe('google.rpc.Status', () => {
  it('reads what it wrote', () => {
    const statuses = fc.record(
      {
        code: fc.nat(16),
        message: anyText,
        errorInfo: fc.record({ reason: anyText, domain: anyText, metadata: fc.dictionary(anyText, anyText) }),
        fieldViolations: fc.array(fc.record({ field: anyText, description: anyText }), { minLength: 1, maxLength: 4 }),
      },
      { requiredKeys: ['code', 'message'] },
    );
    fc.assert(
      fc.property(statuses, (status) => {
        const { errorInfo } = status;
        const plain = errorInfo && { ...errorInfo, metadata: { ...errorInfo.metadata } };
        expect(decodeRpcStatus(encodeRpcStatus(status))).toEqual(plain ? { ...status, errorInfo: plain } : status);
      }),
    );
  });

  it('is read by another protobuf library as Google defines it', () => {
    const bytes = encodeRpcStatus({
      code: 3,
      message: 'Prüfe die Eingabe.',
      errorInfo: { reason: 'INVALID', domain: 'tom', metadata: { details: '{"a":1}' } },
      fieldViolations: [
        { field: 'name', description: 'is missing' },
        { field: 'contacts[0].email', description: 'is no address' },
      ],
    });
    const { details, ...status } = Status.toObject(Status.decode(bytes)) as {
      details: { type_url: string; value: Uint8Array }[];
    };
    expect(status).toEqual({ code: 3, message: 'Prüfe die Eingabe.' });
    expect(details.map((detail) => detail.type_url)).toEqual([
      'type.googleapis.com/google.rpc.ErrorInfo',
      'type.googleapis.com/google.rpc.BadRequest',
    ]);
    expect(ErrorInfo.toObject(ErrorInfo.decode(details[0]?.value ?? new Uint8Array()))).toEqual({
      reason: 'INVALID',
      domain: 'tom',
      metadata: { details: '{"a":1}' },
    });
    expect(BadRequest.toObject(BadRequest.decode(details[1]?.value ?? new Uint8Array()))).toEqual({
      field_violations: [
        { field: 'name', description: 'is missing' },
        { field: 'contacts[0].email', description: 'is no address' },
      ],
    });
  });

  it('skips details and fields that it does not know', () => {
    const bytes = Status.encode({
      code: 9,
      message: 'no',
      details: [
        { type_url: 'type.googleapis.com/google.rpc.Help', value: Buffer.from([1, 2, 3]) },
        {
          type_url: 'type.googleapis.com/google.rpc.BadRequest',
          value: BadRequest.encode({ field_violations: [{ field: 'f', description: 'd', reason: 'R' }] }).finish(),
        },
      ],
    }).finish();
    expect(decodeRpcStatus(bytes)).toEqual({
      code: 9,
      message: 'no',
      fieldViolations: [{ field: 'f', description: 'd' }],
    });
  });

  it('throws on bytes that are no such message', () => {
    expect(() => decodeRpcStatus(Buffer.from([0x12, 0xff]))).toThrow();
  });
});
