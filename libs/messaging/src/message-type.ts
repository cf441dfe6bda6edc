/**
 * One type of message: its protobuf full name, the topic it travels on, and its JSON mapping. `decode` is strict and
 * throws an Error that names the field. Conforming objects come from the contracts.
 */
export interface MessageType<T> {
  readonly typeName: string;
  readonly topic: string;
  decode(json: unknown): T;
  encode(value: T): unknown;
}
