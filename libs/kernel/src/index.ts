export { DomainError, errorCodes, isDomainError, violationsInWords, type ErrorCode, type ErrorKind, type Violation, type UnmetRule } from './domain-error.ts';
export { systemClock, type Clock } from './clock.ts';
export { newId, deriveId, ids, isUuid } from './ids.ts';
export type { Decision } from './decision.ts';
export { assertNever } from './assert-never.ts';
export type { Text } from './text.ts';
export { encodePageToken, decodePageToken, contentHash } from './page-token.ts';
