import { EXIT, MobyBuildError } from '../../errors.ts';
import { builderApart } from '../../make/engine/chosen-builder.ts';
import { NEXT } from '../../next-command.ts';
import { notPossible } from '../../seal/sealed-builder.ts';
import type { Checked, Machine } from '../stage/stages.ts';

/**
 * Refuses `--seal` where nobody could show that it holds. Pure.
 *
 * @throws MobyBuildError `seal-not-possible` (3)
 */
export function requireSealable({ options, bundle }: Pick<Checked, 'options' | 'bundle'>, machine: Machine): void {
  if (!options.seal || machine.is !== 'checked') return;
  const { engine } = machine;
  if (bundle !== null) {
    if (options.network !== 'none')
      throw refused(
        `--network ${options.network ?? ''} gives the steps a network`,
        'Leave --network out: with --bundle it is none.',
        NEXT.noNetworkFlag(),
      );
    return;
  }
  const apart = builderApart(engine);
  if (apart !== null)
    throw refused(
      `builder ${apart.name} has the network that whoever made it gave it, and nobody here sees what that reaches`,
      '--seal makes a builder of its own on the engine; with --bundle any builder will do.',
      NEXT.builder('default'),
    );
  if (options.network !== null)
    throw refused(
      `--network ${options.network} chooses the network of the steps, which --seal does`,
      'Leave one of them out.',
      NEXT.noNetworkFlag(),
    );
  if (engine.buildxVersion === null)
    throw notPossible('the docker client has no buildx plugin, which makes the builder');
  if (!['root-socket', 'other-socket'].includes(engine.endpoint) || engine.desktop)
    throw notPossible(
      `the engine at ${engine.host} is on another machine or in a virtual one, whose addresses are not of this machine`,
    );
  if (engine.rootless) throw notPossible('the engine is rootless, and its networks are not of this machine');
}

function refused(why: string, hint: string, command: ReturnType<typeof NEXT.builder>): MobyBuildError {
  return new MobyBuildError({
    code: 'seal-not-possible',
    exitCode: EXIT.machine,
    message: `--seal is not possible here: ${why}.`,
    where: '--seal',
    hint,
    command,
  });
}
