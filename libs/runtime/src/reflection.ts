import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { BinaryReader } from '@bufbuild/protobuf/wire';

/** FileDescriptorSet: `repeated FileDescriptorProto file = 1`, as a tag. */
const FILE = (1 << 3) | 2;

/**
 * Lets a server answer reflection (v1 and v1alpha) about the services it has. Of a package definition the reflection
 * service reads the files' descriptors alone, so they are handed over as they stand in the set: proto-loader would
 * build every message type a second time.
 */
export function addReflection(server: Server, descriptorSet: Uint8Array, services: readonly string[]): void {
  const definition = { files: { fileDescriptorProtos: filesOf(descriptorSet) } };
  const reflection = new ReflectionService(
    definition as unknown as ConstructorParameters<typeof ReflectionService>[0],
    {
      services: [...services],
    },
  );
  reflection.addToServer(server);
}

function filesOf(descriptorSet: Uint8Array): readonly Buffer[] {
  const files: Buffer[] = [];
  const reader = new BinaryReader(descriptorSet);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === FILE) files.push(Buffer.from(reader.bytes()));
    else reader.skip(tag & 7);
  }
  return files;
}
