import { documentedLines } from './image-witnesses.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { NEXT } from '../../next-command.ts';
import type { RefusedImage } from '../../mirrors/images/settle.ts';
import type { ImageWish, Statement } from '../../mirrors/images/wish.ts';

const WHY: Readonly<Record<RefusedImage['why'], (wish: ImageWish) => string>> = {
  unserved: ({ reference, known }) =>
    known === null
      ? `No mirror has ${reference}:`
      : `No mirror has ${reference} as it is known to be, ${known.digest}:`,
  unknown: ({ reference }) => `Nobody who can be believed says what ${reference} is:`,
  contradicted: ({ reference }) => `The mirrors contradict each other about ${reference}:`,
  platform: ({ reference, platforms }) =>
    `No mirror has ${reference} for ${platforms.map(({ platform }) => platform).join(' and ')}:`,
};

/** `daocloud (DaoCloud): sha256:…` */
export function statementLine({ place, digest, reason, sentTo, lacking }: Statement): string {
  const from = sentTo === undefined ? [] : [`it sends to ${sentTo}, whose word this is`];
  const said = digest === null ? reason : [digest, ...from, ...Object.values(lacking)].join('; ');
  return `${place.name} (${place.operator.name}): ${said}`;
}

/** Whether the place said anything of the image: that it has it, or another one under its tag. */
function hasAnswered({ digest, tag }: Statement): boolean {
  return digest !== null || tag !== undefined;
}

/**
 * The images that cannot be used, with what each mirror said of them.
 *
 * @param canBeMade whether they can be made here, without a registry
 */
export function imageRefusal(
  refused: readonly { readonly wish: ImageWish; readonly verdict: RefusedImage }[],
  canBeMade: boolean,
): MobyBuildError {
  const lines = refused.flatMap(({ wish, verdict }) => [
    WHY[verdict.why](wish),
    ...verdict.statements.map((each) => `  ${statementLine(each)}`),
    ...documentedLines(wish).map((line) => `  ${line}`),
  ]);
  const doubtful = refused.filter(({ verdict }) => verdict.why === 'unknown' || verdict.why === 'contradicted');
  // The table may know an image that a mirror of one's own has in another form. Where no registry answered there is nobody to trust.
  const trustable = refused.filter(
    (each) => doubtful.includes(each) || (each.wish.known?.by === 'table' && each.verdict.statements.some(hasAnswered)),
  );
  const names = [...new Set(trustable.map(({ wish }) => wish.name))];
  const [first] = doubtful.length > 0 ? doubtful : refused;
  return new MobyBuildError({
    code: doubtful.length > 0 ? 'image-not-known' : 'image-not-served',
    exitCode: EXIT.network,
    message: lines.join('\n'),
    where: first?.wish.reference,
    hint:
      doubtful.length > 0
        ? `A digest is believed when you give it (--image ${first?.wish.name ?? 'NAME'}=REF@sha256:…), when a lock file has it, when two independent operators name it alike, or one and a public source do; the official registry alone where you choose it (--mirror image=official). --trust-image takes the first mirror at its word.${canBeMade ? " --base debian needs no registry: it makes the images of Debian's signed packages and Go." : ''}`
        : `Is the network up, and does it need a proxy (HTTPS_PROXY) or a certificate (--ca FILE)? --image NAME=REF@sha256:… names an image that you have.${canBeMade ? " --base debian needs no registry: it makes the images of Debian's signed packages and Go." : ''}`,
    command: names.length > 0 ? NEXT.trustImages(...names) : canBeMade ? NEXT.baseDebian() : undefined,
  });
}

/** An image that a build argument names without a digest. */
export function imageByArgument({ name, reference }: ImageWish): MobyBuildError {
  return new MobyBuildError({
    code: 'image-not-known',
    exitCode: EXIT.network,
    message: `${reference} is named by a build argument, without a digest: the engine would take whatever its tag is by then.`,
    where: '--build-arg',
    hint: `Write the digest behind it (REF@sha256:…), name the image with --image ${name}=REF instead, or say --trust-image ${name}.`,
  });
}
