import { EXIT, MobyBuildError } from '../../errors.ts';
import type { MakeInput } from './make-input.ts';
import { requirePlainText } from './plain-text.ts';

/**
 * `--network` and `--add-host` as docker build and buildx build take them.
 *
 * @throws MobyBuildError exit 2: `hostile-value`, `bad-add-host`
 */
export function runFlags({ network, addHosts = [] }: Pick<MakeInput, 'network' | 'addHosts'>): readonly string[] {
  const words: string[] = [];
  if (network !== undefined) words.push('--network', requirePlainText(network, '--network'));
  for (const host of addHosts) {
    requirePlainText(host, '--add-host');
    if (!/^[^\s:=]+[:=]\S+$/.test(host)) {
      throw new MobyBuildError({
        code: 'bad-add-host',
        exitCode: EXIT.usage,
        message: `--add-host ${JSON.stringify(host)} is not NAME:ADDRESS.`,
        where: '--add-host',
      });
    }
    words.push('--add-host', host);
  }
  return words;
}
