import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';

/** google.rpc.Status with the two details that we use: BadRequest and ErrorInfo. */
export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  readonly errorInfo?: ErrorInfo;
  readonly fieldViolations?: readonly FieldViolation[];
}

/** google.rpc.ErrorInfo */
export interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** google.rpc.BadRequest.FieldViolation */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

/** A protobuf tag: field number and wire type (0 varint, 2 length-delimited). */
const tag = (field: number, wireType: 0 | 2) => (field << 3) | wireType;
const CODE = tag(1, 0);
const FIRST = tag(1, 2);
const SECOND = tag(2, 2);
const THIRD = tag(3, 2);

/** The bytes of `grpc-status-details-bin`. */
export function encodeRpcStatus(status: RpcStatus): Buffer {
  const writer = new BinaryWriter();
  if (status.code !== 0) writer.uint32(CODE).int32(status.code);
  text(writer, SECOND, status.message);
  const { errorInfo, fieldViolations } = status;
  if (errorInfo !== undefined) any(writer, ERROR_INFO, (detail) => writeErrorInfo(detail, errorInfo));
  if (fieldViolations !== undefined && fieldViolations.length > 0) {
    any(writer, BAD_REQUEST, (detail) => {
      for (const { field, description } of fieldViolations) {
        detail.uint32(FIRST).fork();
        text(detail, FIRST, field);
        text(detail, SECOND, description);
        detail.join();
      }
    });
  }
  return Buffer.from(writer.finish());
}

/** Reads `grpc-status-details-bin`; details of other types are skipped. Throws when the bytes are no such message. */
export function decodeRpcStatus(bytes: Uint8Array): RpcStatus {
  let code = 0;
  let message = '';
  let errorInfo: ErrorInfo | undefined;
  const fieldViolations: FieldViolation[] = [];
  read(bytes, (field, reader) => {
    if (field === CODE) code = reader.int32();
    else if (field === SECOND) message = reader.string();
    else if (field === THIRD) {
      const detail = readAny(reader.bytes());
      if (detail.typeUrl === ERROR_INFO) errorInfo = readErrorInfo(detail.value);
      else if (detail.typeUrl === BAD_REQUEST) fieldViolations.push(...readFieldViolations(detail.value));
    } else return false;
    return true;
  });
  return {
    code,
    message,
    ...(errorInfo !== undefined ? { errorInfo } : {}),
    ...(fieldViolations.length > 0 ? { fieldViolations } : {}),
  };
}

function text(writer: BinaryWriter, field: number, value: string): void {
  if (value !== '') writer.uint32(field).string(value);
}

function any(writer: BinaryWriter, typeUrl: string, write: (detail: BinaryWriter) => void): void {
  const detail = new BinaryWriter();
  write(detail);
  writer.uint32(THIRD).fork();
  text(writer, FIRST, typeUrl);
  writer.uint32(SECOND).bytes(detail.finish());
  writer.join();
}

function writeErrorInfo(writer: BinaryWriter, info: ErrorInfo): void {
  text(writer, FIRST, info.reason);
  text(writer, SECOND, info.domain);
  for (const [key, value] of Object.entries(info.metadata)) {
    writer.uint32(THIRD).fork();
    text(writer, FIRST, key);
    text(writer, SECOND, value);
    writer.join();
  }
}

/** Walks over the fields of a message; `take` answers false for a field that it does not know. */
function read(bytes: Uint8Array, take: (field: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const field = reader.uint32();
    if (!take(field, reader)) reader.skip(field & 7);
  }
}

/** A message of one or two texts, such as a map's entry or a violation. */
function readPair(bytes: Uint8Array): readonly [string, string] {
  let first = '';
  let second = '';
  read(bytes, (field, reader) => {
    if (field === FIRST) first = reader.string();
    else if (field === SECOND) second = reader.string();
    else return false;
    return true;
  });
  return [first, second];
}

function readAny(bytes: Uint8Array): { readonly typeUrl: string; readonly value: Uint8Array } {
  let typeUrl = '';
  let value: Uint8Array = new Uint8Array();
  read(bytes, (field, reader) => {
    if (field === FIRST) typeUrl = reader.string();
    else if (field === SECOND) value = reader.bytes();
    else return false;
    return true;
  });
  return { typeUrl, value };
}

function readErrorInfo(bytes: Uint8Array): ErrorInfo {
  let reason = '';
  let domain = '';
  const metadata = new Map<string, string>();
  read(bytes, (field, reader) => {
    if (field === FIRST) reason = reader.string();
    else if (field === SECOND) domain = reader.string();
    else if (field === THIRD) metadata.set(...readPair(reader.bytes()));
    else return false;
    return true;
  });
  return { reason, domain, metadata: Object.fromEntries(metadata) };
}

function readFieldViolations(bytes: Uint8Array): readonly FieldViolation[] {
  const found: FieldViolation[] = [];
  read(bytes, (field, reader) => {
    if (field !== FIRST) return false;
    const [name, description] = readPair(reader.bytes());
    found.push({ field: name, description });
    return true;
  });
  return found;
}
