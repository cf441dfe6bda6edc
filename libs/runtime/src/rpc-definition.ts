/** The largest message of a call: a bulk call carries up to 200 items of at most 256 KiB. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** One unary RPC as ts-proto writes it for grpc-js (`outputServices=grpc-js`). */
export interface RpcMethod<Request = never, Response = never> {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (value: Request) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (value: Response) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}

/** A generated service definition, e.g. `typeof TaskServiceService`: its methods in camelCase. */
export type RpcDefinition = Readonly<Record<string, RpcMethod>>;

/** The request message of a method of a definition. */
export type RequestOf<M> = M extends { readonly requestDeserialize: (bytes: Buffer) => infer Request }
  ? Request
  : never;

/** The response message of a method of a definition. */
export type ResponseOf<M> = M extends { readonly responseDeserialize: (bytes: Buffer) => infer Response }
  ? Response
  : never;
