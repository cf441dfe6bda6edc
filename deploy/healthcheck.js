// Asks the process beside it: exit code 0 when the path answers 200. Images without a shell or curl can run it.
const [, , path = '/livez'] = process.argv;
// the gateway serves health on its own port, the services on that of operations
const port = (process.env.OPS_ADDRESS || process.env.PORT || '8080').split(':').at(-1);

try {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(3_000) });
  process.exitCode = response.status === 200 ? 0 : 1;
} catch {
  process.exitCode = 1;
}
