import { EXIT, MobyBuildError } from '../errors.ts';
import { SAYS, SCRIPT } from './canary-script.ts';
import { instructionsWithNetwork } from './run-networks.ts';

/** What the canary's step is called. */
export const CANARY_STAGE = 'moby-build-canary';

/** Nobody has them. */
const NOBODYS = ['192.0.2.1', '2001:db8::1'];
/** The gateway of docker's bridge, unless somebody chose another. */
const BRIDGE = '172.17.0.1';

export interface CanaryInput {
  /** Of the tree as it is planned. */
  readonly dockerfile: string;
  /** A name that a step might ask for. */
  readonly name: string;
  /** `none`: no device but loopback. `proxy`: a device that leads to the proxy alone, at this address. */
  readonly network: { readonly is: 'none' } | { readonly is: 'proxy'; readonly gateway: string };
}

/**
 * The Dockerfile with a last stage that starts from the image of stage `base` and tries to reach the network. Pure.
 *
 * @throws MobyBuildError `seal-not-possible` (3) where no stage starts from an image, or a step names a network of its own
 */
export function canaryDockerfile({ dockerfile, name, network }: CanaryInput): string {
  const [own] = network.is === 'none' ? instructionsWithNetwork(dockerfile) : [];
  if (own !== undefined)
    throw noCanary(
      `Dockerfile:${String(own.line)} names a network of its own (${own.flag}), which is stronger than --network none`,
    );
  const from = /^\s*FROM\s+((?:--\S+\s+)*\S+)\s+AS\s+base\s*$/imu.exec(dockerfile)?.[1];
  if (from === undefined) throw noCanary('the Dockerfile has no stage base, whose image the canary would start from');
  const addresses = [...NOBODYS, ...(network.is === 'proxy' && network.gateway === BRIDGE ? [] : [BRIDGE])];
  const values = {
    ALLOWED_DEVICE: network.is === 'none' ? 'lo' : 'eth0',
    NAME: name,
    ADDRESSES: addresses.join(' '),
  };
  const words = Object.entries(values).map(([key, value]) => `${key}='${value}'`);
  // JSON form: neither a shell of the image nor the Dockerfile reads the script, so nothing in it is expanded.
  const step = JSON.stringify(['bash', '-c', `${words.join(' ')}\n${SCRIPT}`]);
  return `${dockerfile.trimEnd()}\n\nFROM ${from} AS ${CANARY_STAGE}\nRUN ${step}\n`;
}

function noCanary(why: string): MobyBuildError {
  return new MobyBuildError({
    code: 'seal-not-possible',
    exitCode: EXIT.machine,
    message: `--seal cannot be shown for this tree: ${why}.`,
    where: '--seal',
    hint: 'Without --seal the same build runs, with the same network.',
  });
}

/** What a build of the canary's stage showed. */
export type CanarySaw =
  { readonly is: 'sealed' } | { readonly is: 'open'; readonly what: string } | { readonly is: 'unknown' };

/** Reads the output of that build, in which the step must fail. Pure. */
export function readCanary(output: string): CanarySaw {
  const lines = output.split('\n').filter((line) => line.includes(SAYS) && !line.includes('echo'));
  const reached = lines.map((line) => line.slice(line.indexOf(SAYS) + SAYS.length).trim());
  const open = reached.find((text) => text.startsWith('reached '));
  if (open !== undefined) return { is: 'open', what: open.slice('reached '.length) };
  return reached.includes('nothing reached') ? { is: 'sealed' } : { is: 'unknown' };
}
