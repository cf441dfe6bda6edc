import { allMessages } from './generated/catalogue.ts';
import { descriptorSetBase64 } from './generated/descriptors.ts';
import type { MessageType } from './message-type.ts';

export type { MessageType } from './message-type.ts';

/** Every event and command that has a topic, by full protobuf name. */
export const messageTypes: ReadonlyMap<string, MessageType<unknown>> = new Map(
  allMessages.map((type): [string, MessageType<unknown>] => [type.typeName, type as MessageType<unknown>]),
);

/** Every topic that a message type names, sorted. */
export const topics: readonly string[] = [...new Set(allMessages.map((type) => type.topic))].sort();

/** The FileDescriptorSet of all protos, for gRPC reflection. */
export function descriptorSet(): Uint8Array {
  return Buffer.from(descriptorSetBase64, 'base64');
}
