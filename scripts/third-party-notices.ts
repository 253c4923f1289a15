import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'THIRD-PARTY-NOTICES.txt';
const LICENCE_FILE = /^(?:licen[cs]e|notice|copying)(?:[-.][\w.-]+)?$/iu;

export interface Notice {
  /** `yaml 2.9.1` */
  readonly name: string;
  readonly licence: string;
  /** Of its licence files; empty where it has none. */
  readonly text: string;
}

/** The directory of the package that a module (absolute path) belongs to, or null for a module of ours. */
export function packageDirectory(moduleId: string): string | null {
  const match = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/u.exec(moduleId);
  return match?.[1] ?? null;
}

/** Reads a package's licence. A package without one is an error: it could not be given on. */
export function readNotice(directory: string): Notice {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Record<string, unknown>;
  if (typeof manifest['license'] !== 'string') throw new Error(`${directory} names no licence`);
  const texts = readdirSync(directory)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(directory, file), 'utf8').trim());
  return {
    name: `${String(manifest['name'])} ${String(manifest['version'])}`,
    licence: manifest['license'],
    text: texts.join('\n\n'),
  };
}

interface BundleContext {
  emitFile: (file: { type: 'asset'; fileName: string; source: string }) => unknown;
}

/** A plugin for the bundler: writes the licences of all packages that went into the bundle beside it. */
export function thirdPartyNotices() {
  return {
    name: 'third-party-notices',
    generateBundle(
      this: BundleContext,
      _options: unknown,
      bundle: Record<string, { type: string; moduleIds?: string[] }>,
    ) {
      const modules = Object.values(bundle).flatMap((output) => output.moduleIds ?? []);
      const directories = new Set(modules.map(packageDirectory).filter((directory) => directory !== null));
      const notices = [...directories].map(readNotice).sort((a, b) => (a.name < b.name ? -1 : 1));
      const body = notices.map(({ name, licence, text }) => `${name}\nLicence: ${licence}\n\n${text}`.trimEnd());
      const intro = `The bundle of moby-build holds code of these ${notices.length} packages.`;
      const rule = `\n\n${'-'.repeat(80)}\n\n`;
      this.emitFile({ type: 'asset', fileName: NAME, source: `${[intro, ...body].join(rule)}\n` });
    },
  };
}
