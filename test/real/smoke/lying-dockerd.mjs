// A dockerd that lies: `node lying-dockerd.mjs LIE,LIE,… FLAGS…`. It runs the real one (/moby/bin/dockerd.real) on another socket and hands
// every request on, except where a lie says otherwise. Commands that end by themselves are handed on as they are.
import { spawn } from 'node:child_process';
import { request, createServer } from 'node:http';
import { existsSync, readFileSync, rmSync } from 'node:fs';

const lies = new Set((process.argv[2] ?? '').split(','));
const flags = process.argv.slice(3);
const own = flags.find((flag) => flag.startsWith('--host=unix://'))?.slice('--host=unix://'.length);
const serves = own !== undefined && /\/(main|second)\/docker\.sock$/.test(own);
const hidden = `${own}.real`;
if (serves) await endForerunner();
const real = spawn(
  '/moby/bin/dockerd.real',
  serves ? flags.map((flag) => flag.replace(`unix://${own}`, `unix://${hidden}`)) : flags,
  {
    stdio: 'inherit',
  },
);

/** Who kills this process means the daemon; its real one has stayed, and would not let another start. */
async function endForerunner() {
  const file = flags.find((flag) => flag.startsWith('--pidfile='))?.slice('--pidfile='.length) ?? '';
  if (!existsSync(file)) return;
  const proc = `/proc/${readFileSync(file, 'utf8').trim()}`;
  if (!existsSync(proc)) return;
  process.kill(Number(proc.slice('/proc/'.length)), 'SIGKILL');
  while (existsSync(proc) && !/^State:\s+Z/mu.test(readFileSync(`${proc}/status`, 'utf8')))
    await new Promise((resolve) => setTimeout(resolve, 10));
}

/** What is answered instead, or null: then the real daemon is asked. */
function lie(method, path) {
  const is = (name, verb, pattern) => lies.has(name) && method === verb && pattern.test(path);
  if (is('route', 'GET', /^\/no-such-route$/)) return [200, {}];
  if (is('version', 'GET', /^\/version$/))
    return [200, { Version: '1.2.3', GitCommit: 'abc', ApiVersion: '1.41', Os: 'linux', Arch: 'amd64' }];
  if (is('plugins', 'GET', /^\/plugins$/)) return [200, [{ Name: 'stranger' }]];
  if (is('volume', 'POST', /^\/volumes\/create/)) return [201, { Mountpoint: '/moby/no/such/volume' }];
  if (is('image-list', 'GET', /^\/images\/json$/)) return [200, []];
  if (is('image-remove', 'DELETE', /^\/images\//)) return [200, []];
  if (is('network', 'POST', /^\/networks\/create/)) return [201, { Id: '0123456789abcdef' }];
  if (is('forget', 'GET', /^\/containers\/json/)) return [200, []];
  return null;
}

/** Answers of the real daemon that a lie changes: members of /info, and the result of a wait. */
const WAITED = { StatusCode: 0 };
const INFO = {
  kernel: { KernelVersion: '2.4.0' },
  registry: { RegistryConfig: { Mirrors: [], InsecureRegistryCIDRs: [], IndexConfigs: {} } },
  runtime: { DefaultRuntime: 'other' },
};

if (serves) {
  const server = createServer((incoming, outgoing) => {
    const answer = lie(incoming.method, incoming.url);
    if (answer !== null) {
      incoming.resume();
      outgoing.writeHead(answer[0], { 'Content-Type': 'application/json' }).end(JSON.stringify(answer[1]));
      return;
    }
    const { method, url: path, headers } = incoming;
    const call = request({ socketPath: hidden, method, path, headers }, (response) => {
      const changed =
        path === '/info'
          ? Object.keys(INFO)
              .filter((name) => lies.has(name))
              .map((name) => INFO[name])
          : [];
      if (lies.has('exit-code') && path.endsWith('/wait')) changed.push(WAITED);
      if (changed.length === 0) {
        outgoing.writeHead(response.statusCode, response.headers);
        response.pipe(outgoing);
        return;
      }
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        const info = Object.assign(JSON.parse(text), ...changed);
        outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(info));
      });
    });
    call.on('error', () => outgoing.destroy());
    incoming.pipe(call);
  });
  rmSync(own, { force: true });
  process.umask(0o117);
  server.listen(own);
}

process.on('SIGHUP', () => {
  if (!lies.has('reload')) real.kill('SIGHUP');
});
process.on('SIGTERM', () => {
  if (!lies.has('hang-on')) real.kill('SIGTERM');
});
real.on('exit', (code, signal) => {
  if (serves && !lies.has('leave-socket')) rmSync(own, { force: true });
  process.exit(lies.has('exit-3') && serves ? 3 : (code ?? (signal === null ? 0 : 1)));
});
