import { createClient, createLogger, createMetrics, createTokenVerifier, implement, serveGrpc } from '@tom/runtime';
import { makeTestIdentity } from '@tom/runtime/testing';
import { systemClock, newId } from '@tom/kernel';
import * as grpc from '@grpc/grpc-js';
const bytes = (v: unknown) => Buffer.from(JSON.stringify(v));
const parse = (b: Buffer) => JSON.parse(b.toString());
const m = (path: string) => ({ path, requestStream: false as const, responseStream: false as const, requestSerialize: bytes, requestDeserialize: parse as (b: Buffer) => {text: string}, responseSerialize: bytes, responseDeserialize: parse as (b: Buffer) => {text: string} });
const S = { echo: m('/t.S/Echo') };
const id = makeTestIdentity();
const verifier = createTokenVerifier({ trustedKeysFile: id.trustedKeysFile, clock: systemClock });
const mode = process.argv[2];
const N = 30000, C = 16;
async function loop(f: () => Promise<unknown>) { await Promise.all(Array.from({length: C}, async () => { for (let i = 0; i < N / C; i++) await f(); })); }
async function measure(name: string, f: () => Promise<unknown>) {
  await loop(f);
  for (let r = 0; r < 3; r++) { const c0 = process.cpuUsage(); await loop(f); const c = process.cpuUsage(c0); console.error(name, 'cpu us/call', ((c.user + c.system) / N).toFixed(1)); }
}
const meta = () => { const m = new grpc.Metadata(); m.set('authorization', 'Bearer ' + 'x'.repeat(300)); m.set('x-correlation-id', 'b'.repeat(36)); m.set('traceparent', 'c'.repeat(55)); return m; };
if (mode === 'raw') {
  const server = new grpc.Server();
  server.addService(S as never, { echo: (call: any, cb: any) => cb(null, call.request) });
  const port = await new Promise<number>((r) => server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (_e, p) => r(p)));
  const client = new grpc.Client('127.0.0.1:' + port, grpc.credentials.createInsecure());
  await measure('raw grpc-js, metadata + deadline', () => new Promise((res, rej) => client.makeUnaryRequest(S.echo.path, bytes, parse, { text: 'x' }, meta(), { deadline: Date.now() + 5000 }, (e, v) => e ? rej(e) : res(v))));
} else {
  const server = await serveGrpc({ address: '127.0.0.1:0', services: [implement(S, { echo: async (r) => r })], verifier, logger: createLogger({ service: 'x', level: mode === 'quiet' ? 'warn' : 'info' }), metrics: createMetrics('x') });
  const client = createClient(S, { address: server.address });
  const token = id.userToken('ida', ['ops']);
  const call = { token, correlationId: newId(), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  await measure('runtime ' + mode, () => client.echo({ text: 'x' }, call));
}
process.exit(0);
