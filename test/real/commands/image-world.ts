import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFaulty } from '../mirrors/faulty-mirror.ts';
import { debian } from '../mirrors/healthy-mirror.ts';
import type { DocumentedImage } from '../../../src/mirrors/catalogue/documented.ts';
import { imageRegistry, type RegistrySays } from '../mirrors/image-registry.ts';
import { ARCH, type Stage } from './stage.ts';

export interface World {
  readonly line: string[];
  /** The digest behind every tag of a registry. */
  readonly digests: readonly string[];
  readonly hosts: readonly string[];
}

/** Registries and a Debian mirror on loopback, whose operators a catalogue of the user's names. */
export class ImageWorlds {
  readonly #stage: Stage;
  readonly #closing: (() => Promise<void>)[] = [];
  /** Paths; those of a registry begin with its number: `r0/v2/…`. */
  asked: string[] = [];
  /** Date of the release files. */
  day = 'Sat, 01 Jun 2024 10:00:00 UTC';
  #made = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** A server that is closed with the others. Returns its URL. */
  async serve(healthy: Parameters<typeof startFaulty>[0]['healthy'], prefix = ''): Promise<string> {
    const server = await startFaulty({
      fault: 'none',
      healthy: (path, ...rest) => {
        this.asked.push(`${prefix}${path}`);
        return healthy(path, ...rest);
      },
    });
    this.#closing.push(server.close);
    return server.url;
  }

  async close(): Promise<void> {
    await Promise.all(this.#closing.map((close) => close()));
  }

  /** Registries by their operators, in the profile's order; the profile is taken as it stands, so only images are asked for. */
  async make(
    registries: readonly (readonly [operator: string, says?: RegistrySays])[],
    otherDay: string | null = null,
    digests: readonly DocumentedImage[] = [],
  ): Promise<World> {
    const apt = await this.serve((...request) => debian({ date: this.day, validUntil: null })(...request));
    const second = otherDay === null ? null : await this.serve(debian({ date: otherDay, validUntil: null }));
    const started = await Promise.all(
      registries.map(async ([operator, says = {}], index) => {
        const registry = imageRegistry(says);
        const url = says.dead === true ? 'http://127.0.0.1:9' : await this.serve(registry.healthy, `r${String(index)}`);
        return { operator, host: url.replace('http://', ''), digest: registry.digest };
      }),
    );
    const base = { region: 'cn', status: 'alive', seen: null, sources: ['here'] };
    const mirrors = [
      ...started.map(({ operator, host }, index) => ({
        ...{ ...base, id: `r${String(index)}`, kinds: ['image'], template: `${host}/{image}`, operator },
      })),
      { ...base, id: 'near-apt', kinds: ['apt'], template: apt, archive: apt, operator: 'loopback' },
      ...(second === null
        ? []
        : [{ ...base, id: 'far-apt', kinds: ['apt'], template: second, archive: second, operator: 'loopback' }]),
    ];
    const image = started.map((_, index) => `r${String(index)}`);
    const lists = {
      frontend: 'builtin',
      image,
      apt: second === null ? 'near-apt' : ['near-apt', 'far-apt'],
      git: 'ghfast.top',
      gomod: 'goproxy.cn',
    };
    this.#made += 1;
    const [catalogue, profile] = [this.#file('catalogue'), this.#file('profile')];
    writeFileSync(catalogue, JSON.stringify({ extends: 'builtin', mirrors, digests }));
    writeFileSync(profile, JSON.stringify({ name: 'loopback', mirrors: lists }));
    return {
      line: ['--source', this.#stage.tree, '--catalogue', catalogue, '--profile', profile, '--arch', ARCH],
      digests: started.map(({ digest }) => digest),
      hosts: started.map(({ host }) => host),
    };
  }

  #file(name: string): string {
    return join(this.#stage.dir, `${name}-${String(this.#made)}.json`);
  }
}
