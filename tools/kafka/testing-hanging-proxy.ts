import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy before a port of 127.0.0.1 that can fall silent: connections stay, nothing comes through. */
export interface HangingProxy {
  readonly port: number;
  hang(): void;
  goOn(): void;
  close(): Promise<void>;
}

/** `target` is asked for at each connection, so that the server may start after the proxy. */
export async function createHangingProxy(target: () => number): Promise<HangingProxy> {
  const sockets = new Set<Socket>();
  let hanging = false;
  const server = createServer((incoming) => {
    const outgoing = connect(target(), '127.0.0.1');
    const pairs = [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const;
    for (const [from, to] of pairs) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      // what comes in while it hangs is lost for good, as with a node whose disk stands still
      from.on('data', (chunk: Buffer) => {
        if (!hanging) to.write(chunk);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hang: () => (hanging = true),
    goOn: () => (hanging = false),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
