import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startGitServer } from '../../test/support/git-server.mjs';
import type { Line } from '../line.ts';
import { LINES, startRelay } from '../line.ts';
import { measure, measureWhole } from '../measure.ts';
import type { Command, Cost } from '../measure.ts';
import { Place } from '../place.ts';
import { makeRepositories, REFS } from '../repositories.ts';
import type { Repositories } from '../repositories.ts';
import type { Setting } from '../setting.ts';
import type { Row } from '../table.ts';

/** On a slow line the repositories are this much lighter than at full speed, or a clone by hand takes an hour. */
const LIGHTER = 20;

/** What one way of having the sources cost, at the server and here. */
interface Trip extends Cost {
  readonly bytes: number;
  readonly requests: number;
}

/** One way: the recipe by hand, or moby-build. */
interface Way {
  readonly name: string;
  readonly command: (ref: string) => Command;
  /** Takes away what a build has left, so that the next one is the first. */
  readonly forget: () => void;
}

/** moby and its components over loopback: the recipe's clones by hand, and what moby-build does. */
export async function sources(setting: Setting): Promise<Row[]> {
  const { dir, scale, say } = setting;
  say(`making repositories of ${(566 * scale).toFixed(0)} MB`);
  const repositories = await makeRepositories(join(dir, 'repositories'), scale);
  return compared('sources', join(dir, 'sources'), repositories, null, say);
}

/** The same over slow lines, with lighter repositories. */
export async function lines({ dir, scale, say }: Setting): Promise<Row[]> {
  const repositories = await makeRepositories(join(dir, 'light-repositories'), scale / LIGHTER);
  const rows: Row[] = [];
  for (const line of LINES) {
    say(`a line of ${line.name}; repositories of ${((566 * scale) / LIGHTER).toFixed(0)} MB`);
    rows.push(...(await compared(line.name, join(dir, line.name.replace(/\W+/gu, '-')), repositories, line, say)));
  }
  return rows;
}

async function compared(
  section: string,
  dir: string,
  repositories: Repositories,
  line: Line | null,
  say: (text: string) => void,
): Promise<Row[]> {
  const routes = Object.fromEntries(
    [...repositories.folders].map(([name, repository]) => [`/${name}`, { kind: 'git' as const, repository }]),
  );
  const server = await startGitServer(routes);
  const relay = line === null ? null : await startRelay(Number(new URL(server.url).port), line);
  const url = relay === null ? server.url : `http://127.0.0.1:${String(relay.port)}`;
  const trip = async (command: Command, until?: (bytes: number) => boolean): Promise<Trip> => {
    server.requests.length = 0;
    const bytes = (): number => server.requests.reduce((sum, request) => sum + request.bytes, 0);
    const cost =
      until === undefined ? await measureWhole(command) : await measure({ ...command, until: () => until(bytes()) });
    return { ...cost, bytes: bytes(), requests: server.requests.length };
  };
  try {
    const table: Record<string, Trip>[] = [];
    for (const way of [byHand(dir, url, repositories), byProduct(dir, url, repositories)]) {
      say(`${section}: ${way.name}`);
      const [ref, next] = REFS;
      const cold = await trip(way.command(ref));
      const warm = await trip(way.command(ref));
      const other = await trip(way.command(next));
      way.forget();
      const half = await trip(way.command(ref), (bytes) => bytes > cold.bytes / 2);
      const again = await trip(way.command(ref));
      table.push({ cold, warm, other, 'after a kill at half': sum(half, again) });
    }
    const [hand = {}, product = {}] = table;
    return Object.keys(product).flatMap((name) => rowsOf(section, name, product, hand));
  } finally {
    await relay?.close();
    await server.close();
  }
}

function sum(one: Trip, other: Trip): Trip {
  return {
    ...other,
    seconds: one.seconds + other.seconds,
    ownCpu: one.ownCpu + other.ownCpu,
    childCpu: one.childCpu + other.childCpu,
    megabytes: Math.max(one.megabytes, other.megabytes),
    bytes: one.bytes + other.bytes,
    requests: one.requests + other.requests,
  };
}

function rowsOf(
  section: string,
  name: string,
  product: Readonly<Record<string, Trip>>,
  hand: Readonly<Record<string, Trip>>,
): Row[] {
  const own = product[name];
  const other = hand[name];
  if (own === undefined || other === undefined) return [];
  const row = (what: string, unit: Row['unit'], of: (trip: Trip) => number): Row => ({
    section,
    what: `${name}: ${what}`,
    value: of(own),
    unit,
    against: { what: 'by hand', value: of(other) },
    aim: null,
  });
  const rows = [
    row('bytes', 'MB', ({ bytes }) => bytes / 1e6),
    row('requests', 'requests', ({ requests }) => requests),
    row('time', 's', ({ seconds }) => seconds),
    row('CPU', 's', ({ ownCpu, childCpu }) => ownCpu + childCpu),
    { ...row('memory', 'MB', ({ megabytes }) => megabytes), against: null },
  ];
  const cold = product['cold']?.bytes ?? NaN;
  if (name === 'warm')
    rows.push({ ...row('bytes for sources', 'MB', ({ bytes }) => bytes / 1e6), against: null, aim: 0 });
  if (name.startsWith('after a kill')) {
    const twice = { what: 'cold', value: cold / 1e6 };
    rows.push({ ...row('bytes', 'MB', ({ bytes }) => bytes / 1e6), against: twice, aim: 1.05 });
  }
  return rows;
}

/** The recipe: whole clones, of moby by the person and of the components by the steps of the build; a clone that is there is kept. */
function byHand(dir: string, url: string, { pins }: Repositories): Way {
  const place = new Place(join(dir, 'hand'));
  // A clone that was killed is of no use: git takes it up nowhere.
  const clone = (name: string): string =>
    `[ -e '${name}/.git/whole' ] || { rm -rf '${name}'; git clone --quiet '${url}/${name}.git' '${name}'; touch '${name}/.git/whole'; }`;
  const components = [...pins].map(([name, commit]) => `${clone(name)}; git -C '${name}' checkout --quiet ${commit}`);
  return {
    name: 'by hand',
    command: (ref) =>
      place.script(
        [
          clone('moby/moby'),
          `git -C moby/moby checkout --quiet --force ${ref}`,
          `sed -i 's#git clone https://github.com#git clone ${url}#' moby/moby/hack/dockerfile/install/*.installer`,
          ...components,
        ].join('\n'),
      ),
    forget: () => {
      rmSync(place.work, { recursive: true, force: true });
      mkdirSync(place.work);
    },
  };
}

/** The images of the light tree with digests, so that no registry is asked: this is about sources. */
const IMAGES = [
  ...['--image', `golang=docker.m.daocloud.io/library/golang:1.16.12-buster@sha256:${'1'.repeat(64)}`],
  ...['--image', `djs55/vpnkit=docker.1ms.run/djs55/vpnkit:0.5.0@sha256:${'2'.repeat(64)}`],
];

function byProduct(dir: string, url: string, { releases }: Repositories): Way {
  const place = new Place(join(dir, 'product'));
  const mirror = ['--profile', 'cn', '--no-probe', '--mirror', `git=${url}/{owner}/{repo}.git`];
  return {
    name: 'moby-build',
    command: (ref) =>
      place.product(['build', '--quiet', '--ref', ref, '--commit', releases.get(ref) ?? '', ...mirror, ...IMAGES]),
    forget: () => {
      rmSync(place.cache, { recursive: true, force: true });
    },
  };
}
