// A small app for the tests of what keeps processes running: it answers, fails or hangs as its environment says.
import { createServer } from 'node:http';

if (process.env.APP_FAILS) {
  console.log(JSON.stringify({ level: 'info', msg: 'begins' }));
  console.error(process.env.APP_FAILS);
  process.exit(2);
}
const server = createServer((request, response) => {
  if (request.url === '/fail') process.exit(3);
  response.writeHead(request.url === '/readyz' ? Number(process.env.APP_STATUS ?? 200) : 404).end(process.env.APP_WORD);
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
process.on('SIGTERM', () => {
  console.log('ends in good order');
  process.exit(0);
});
process.stdin.on('end', () => process.exit(0)).resume();
