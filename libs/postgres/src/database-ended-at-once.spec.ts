import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createDatabase } from './database.ts';
import { isTransient } from './errors.ts';
import { sql } from './statement.ts';

/** A message of the protocol: its type, its length, its body. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const welcome = [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))];
const farewell = message('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

it('a connection that the server ends in the very packet that opens it is a query that fails for now, and no fault', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([...welcome, farewell])));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const faults: unknown[] = [];
  const note = (error: unknown) => void faults.push(error);
  process.on('uncaughtException', note);
  const { port } = server.address() as AddressInfo;
  const database = createDatabase({ connectionString: `postgres://nobody@127.0.0.1:${port}/none`, applicationName: 'test' });
  try {
    const failed = await database.query(sql('test.ended', 'select 1'), []).then(() => undefined, (error: unknown) => error);
    expect(isTransient(failed)).toBe(true);
    expect(faults).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
    await database.close();
    server.close();
  }
});
