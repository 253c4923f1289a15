import type { Verdict } from '../context.ts';
import { ownLine } from '../own-line.ts';
import { CouldNotLook, NETWORK_MS, sudo, type Asked, type FurtherCheck } from './asked.ts';

/** Certificates and Debian's suites are valid from a moment on: five minutes are what a clock may be wrong without trouble. */
const CLOCK_SECONDS = 300;

/** Variables that name a file of certificates, for curl, git, OpenSSL and Node. */
const CERTIFICATE_FILES = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'];

/** Where distributions keep the certificates that everybody believes. */
const USUAL = /^\/etc\/(?:ssl|pki|ca-certificates)\//u;

/** The way to mirrors, before any of them is measured. */
export const NETWORK_CHECKS: readonly FurtherCheck[] = [
  {
    id: 'name-service',
    title: 'name service',
    group: 'Network',
    limitMs: NETWORK_MS,
    skip: (asked) => asksNobody(asked) ?? (hasProxy(asked) ? 'the proxy looks names up' : null),
    run: judgeNames,
  },
  { id: 'clock', title: 'clock', group: 'Network', limitMs: NETWORK_MS, skip: asksNobody, run: judgeClock },
  { id: 'certificates', title: 'certificates', group: 'Network', skip: () => null, run: judgeCertificates },
  { id: 'git-tls', title: "git's certificate check", group: 'Network', skip: () => null, run: judgeGit },
  {
    id: 'node-tls',
    title: "Node's certificate check",
    group: 'Network',
    skip: () => null,
    run: ({ env }) =>
      env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
        ? {
            result: 'warning',
            seen: 'NODE_TLS_REJECT_UNAUTHORIZED=0 turns it off',
            fix: 'unset NODE_TLS_REJECT_UNAUTHORIZED   # --ca FILE names a certificate that is missing',
          }
        : { result: 'ok', seen: 'on' },
  },
];

function asksNobody({ probe, mirrors }: Asked): string | null {
  if (!probe) return 'nobody is asked (--no-probe)';
  return mirrors.length === 0 ? 'no mirror is known to ask' : null;
}

function hasProxy({ env }: Asked): boolean {
  return ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'].some((name) => (env[name] ?? '') !== '');
}

/** A mirror may be gone; that all names fail is this machine's doing. */
async function judgeNames({ mirrors, look }: Asked): Promise<Verdict> {
  const hosts = mirrors.map((url) => new URL(url).hostname);
  const faults = await Promise.all(hosts.map((host) => look.nameFault(host)));
  const found = hosts.filter((_, index) => faults[index] === null);
  if (found.length > 0) return { result: 'ok', seen: `finds ${found.join(', ')}` };
  const [host = ''] = hosts;
  return {
    result: 'failed',
    seen: hosts.map((name, index) => `${name}: ${faults[index] ?? ''}`).join(', '),
    fix: `getent hosts ${host}   # then see /etc/resolv.conf, or set https_proxy`,
  };
}

async function judgeClock(asked: Asked): Promise<Verdict> {
  const { date, at } = await firstOf(asked.mirrors, (url) => asked.look.dateOf(url));
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) throw new CouldNotLook('the answer had no date');
  const seconds = Math.round((at.getTime() - theirs) / 1000);
  if (Math.abs(seconds) <= CLOCK_SECONDS) return { result: 'ok', seen: 'right' };
  return {
    result: 'failed',
    seen: `${String(Math.abs(seconds))} s ${seconds < 0 ? 'behind' : 'ahead'}: certificates and signatures may be refused`,
    fix: asked.machine.systemd
      ? `${sudo(asked)}timedatectl set-ntp true`
      : `${sudo(asked)}date -u -s "${new Date(theirs).toISOString()}"`,
  };
}

async function judgeCertificates({
  env,
  look,
  ca,
  problems: { certificates: problem },
  line,
}: Asked): Promise<Verdict> {
  if (problem !== undefined) return { result: 'failed', seen: problem.message, fix: problem.fix ?? undefined };
  const named = CERTIFICATE_FILES.flatMap((name) => {
    const file = env[name] ?? '';
    return file === '' ? [] : [{ name, file }];
  });
  for (const { name, file } of named) {
    const text = await look.text(file);
    const seen = `${name}=${file}`;
    if (text === null) return { result: 'failed', seen: `${seen} is not there`, fix: `unset ${name}` };
    if (!text.includes('-----BEGIN CERTIFICATE-----'))
      return { result: 'failed', seen: `${seen} holds no certificate`, fix: `unset ${name}` };
  }
  const given = [...(ca === null ? [] : [`--ca ${ca}`]), ...named.map(({ name }) => name)];
  // Steps of a build see neither the variables nor the files of this machine.
  const alone = named.find(({ file }) => !USUAL.test(file));
  if (ca === null && alone !== undefined)
    return {
      result: 'warning',
      seen: `${given.join(', ')}: for this machine only, the steps do not see it`,
      fix: ownLine(line, { set: [['--ca', alone.file]] }),
    };
  return { result: 'ok', seen: given.length === 0 ? 'the usual ones' : given.join(', ') };
}

async function judgeGit({ look }: Asked): Promise<Verdict> {
  const off = await look.gitUnchecked();
  if (off.length === 0) return { result: 'ok', seen: 'on' };
  const [setting = ''] = off;
  return {
    result: 'warning',
    seen: `${off.join(', ')} ${off.length === 1 ? 'turns' : 'turn'} it off`,
    fix: setting.startsWith('GIT_')
      ? `unset ${setting}`
      : `git config --global --unset-all '${setting.replaceAll("'", '')}'`,
  };
}

/** The first answer; where nobody answers, what was said of the last. */
async function firstOf<T>(urls: readonly string[], ask: (url: string) => Promise<T>): Promise<T> {
  let last: unknown;
  for (const url of urls) {
    try {
      return await ask(url);
    } catch (cause) {
      last = cause;
    }
  }
  throw last;
}
