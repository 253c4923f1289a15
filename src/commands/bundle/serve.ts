import type { Contents } from '../../bundle/format/contents.ts';
import { keyOf, type BundleBuild } from '../../bundle/use/needs.ts';
import type { LocatedBundle } from '../../bundle/locate-files.ts';
import { unpackRepositories } from '../../bundle/serve/repositories.ts';
import { startBundleServer } from '../../bundle/serve/server.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { imageName, parseImageReference } from '../../image-reference.ts';
import { NEXT, wordsOf } from '../../next-command.ts';
import { quoteWord } from '../../system/command-line.ts';
import { openWholeBundles } from '../../run/offline/open-bundles.ts';
import { makeTempDir } from '../../system/files/temp-dir.ts';
import { stopSignal } from '../../system/process/supervisor.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import type { BundleReport } from './document.ts';

/**
 * `moby-build bundle serve FILE`: verifies the bundle, then serves its objects until a signal ends it. Writes nothing but a temporary folder with the
 * repositories.
 *
 * @throws MobyBuildError `bundle-damaged` (5), `bad-bundle` (5), `no-such-file` (2), `cannot-listen` (3)
 */
export async function serveBundle(context: CommandContext, files: readonly string[]): Promise<BundleReport> {
  const { listen } = context.options;
  const opened = await context.wait(MESSAGES.verifyingBundle, () =>
    openWholeBundles(files, (older) => NEXT.serveBundles(...files, older)),
  );
  const { joined: bundle } = opened;
  const { file } = opened.main;
  const temp = makeTempDir('serve');
  try {
    const repositories = await unpackRepositories(bundle, temp.path);
    const server = await startBundleServer(bundle, repositories, listen).catch((cause: unknown) => {
      throw cannotListen(file, listen, cause);
    });
    const { host } = server;
    context.say(MESSAGES.serving(bundle.verified.contents.objects.length, `http://${host}/`));
    for (const line of buildLines(bundle, host)) context.say(`  ${line}`);
    await stopped();
    await server.close();
    return { command: 'bundle', action: 'serve', file, host, ...server.counts() };
  } finally {
    temp.remove();
    await opened.close();
  }
}

/** The line of each build that the bundle is for, with this server in the place of every mirror. */
function buildLines({ verified }: LocatedBundle, host: string): readonly string[] {
  const { contents } = verified;
  const mirrors = ['git=http://HOST/git/{url}', 'apt=http://HOST', 'gomod=http://HOST/go'].flatMap((value) => [
    '--mirror',
    value.replace('HOST', host),
  ]);
  return contents.builds.map((build) => {
    const { ref, arch, target } = build;
    const images = imageWords(contents, build, host);
    const frontend = images.includes('--frontend') ? [] : ['--frontend', 'builtin'];
    const which = ['--ref', ref, '--arch', arch, '--target', target];
    const words = wordsOf(
      NEXT.build(...which, ...mirrors, ...images, ...frontend, '--network', 'host', '--no-probe'),
      [],
    );
    return ['moby-build', ...words].map(quoteWord).join(' ');
  });
}

/** The images of a build, each as an option that has its digest. */
function imageWords({ objects }: Contents, { needs }: BundleBuild, host: string): readonly string[] {
  const own = objects.filter((object) => object.kind === 'image' && needs.includes(keyOf(object)));
  return own.flatMap(({ upstream, digest }) => {
    const parsed = parseImageReference(upstream);
    if (parsed === null) return [];
    const reference = `${host}/${parsed.repository}${parsed.suffix}@${digest}`;
    return parsed.repository.startsWith('docker/dockerfile')
      ? ['--frontend', reference]
      : ['--image', `${imageName(parsed)}=${reference}`];
  });
}

function stopped(): Promise<void> {
  const signal = stopSignal();
  return new Promise((stop) => {
    if (signal.aborted) stop();
    signal.addEventListener('abort', () => {
      stop();
    });
  });
}

function cannotListen(
  file: string,
  { address, port }: { readonly address: string; readonly port: number },
  cause: unknown,
): MobyBuildError {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  return new MobyBuildError({
    code: 'cannot-listen',
    exitCode: EXIT.machine,
    message: `${address}:${String(port)} cannot be listened at (${code}).`,
    where: '--listen',
    hint: 'Another program may use the port, or the address is not one of this machine.',
    command: NEXT.serveAtFreePort(file),
    cause,
  });
}
