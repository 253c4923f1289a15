// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = '/srv/lab/git';

/**
 * Hands a request to `git http-backend`, a CGI program (git-http-backend(1), RFC 3875).
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} rest path and query below the mirror's own
 * @param {string} [from] the folder of the repositories
 */
export function serveGit(request, response, rest, from = root) {
  return new Promise((/** @type {(value: void) => void} */ resolve, reject) => {
    const [path = '', query = ''] = rest.split('?');
    // GitHub takes a name with and without its ending.
    const named = path.replace(
      /^(\/[^/]+\/[^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|HEAD|objects\/.*))$/,
      '$1.git$2',
    );
    /** @type {Record<string, string>} */
    const env = {
      PATH: process.env.PATH ?? '',
      GIT_PROJECT_ROOT: from,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: named,
      QUERY_STRING: query,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      REMOTE_ADDR: '127.0.0.1',
    };
    const length = request.headers['content-length'];
    if (length !== undefined) env.CONTENT_LENGTH = length;
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined) env.HTTP_CONTENT_ENCODING = encoding;
    const protocol = request.headers['git-protocol'];
    if (protocol !== undefined) env.GIT_PROTOCOL = String(protocol);
    const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    child.on('error', reject);
    child.stdin.on('error', () => undefined); // It may leave before it has read everything.
    request.pipe(child.stdin);
    let head = Buffer.alloc(0);
    let begun = false;
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
      if (begun) return void response.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      begun = true;
      const headers = head
        .subarray(0, end)
        .toString('latin1')
        .split('\r\n')
        .map(
          (line) => /** @type {const} */ ([line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
        );
      const status = Number(headers.find(([name]) => name.toLowerCase() === 'status')?.[1].slice(0, 3) ?? 200);
      response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name.toLowerCase() !== 'status')));
      response.write(head.subarray(end + 4));
    });
    child.stdout.on('end', () => {
      if (!begun) return reject(new Error(`git http-backend said nothing for ${named}`));
      response.end();
      resolve();
    });
  });
}

/**
 * The same repository with every tag and branch one commit further.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} rest
 */
export function serveMoved(request, response, rest) {
  const moved = '/run/moved';
  const name = /^\/([^/]+\/[^/]+?)(?:\.git)?\//.exec(rest)?.[1] ?? '';
  const dir = join(moved, `${name}.git`);
  if (!existsSync(dir)) move(join(root, `${name}.git`), dir);
  return serveGit(request, response, rest, moved);
}

/** @param {string} from @param {string} to */
function move(from, to) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', ['-c', 'safe.directory=*', ...args], { encoding: 'utf8' }).trim();
  git('clone', '--quiet', '--bare', `file://${from}`, to);
  for (const line of git('-C', to, 'for-each-ref', '--format=%(refname)').split('\n')) {
    const author = ['-c', 'user.name=stranger', '-c', 'user.email=stranger@mirror.example'];
    const commit = git('-C', to, ...author, 'commit-tree', '-p', line, '-m', 'moved', `${line}^{tree}`);
    git('-C', to, 'update-ref', line, commit);
  }
  for (const setting of ['uploadpack.allowAnySHA1InWant', 'uploadpack.allowFilter'])
    git('-C', to, 'config', setting, 'true');
}
