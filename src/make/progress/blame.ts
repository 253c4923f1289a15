import type { EgressKind, MetPoint } from '../../types.ts';
import type { FailedStep } from './step-state.ts';

/** The egress point that a failed step reached for. */
export interface Blame {
  readonly point: MetPoint;
  /** How it is known, one sentence. */
  readonly because: string;
}

/** What the tools of each kind print or are called, for a step that names no host. */
const SIGNS: Readonly<Partial<Record<EgressKind, RegExp>>> = {
  apt: /\bapt(?:-get)?\b|^(?:E|W|Err):|Unable to locate package/m,
  'apt-source': /\bapt(?:-get)?\b|^(?:E|W|Err):|Unable to locate package/m,
  git: /\bgit\b|^fatal:|Cloning into/m,
  gomod: /\bgo: |\/@v\/|\bgo (?:get|install|build|mod)\b|verifying /,
  http: /\bcurl\b|\bwget\b/,
  pip: /\bpip3?\b/,
};

/** What they print at the very end, when it is they that fail; a clone before it names its host too, and went well. */
const LAST_WORDS: Readonly<Partial<Record<EgressKind, RegExp>>> = {
  apt: /^\s*(?:E|Err):/,
  'apt-source': /^\s*(?:E|Err):/,
  git: /^\s*fatal:/,
  gomod: /^\s*(?:go: |verifying \S+@v)|\/@v\/|\bzip: /,
  http: /\bcurl: \(|^\s*wget: /,
};

/**
 * Names the egress point that a failed step reached for, or null where no point fits. A point that nobody decided on (`none`)
 * goes before one that is met; a point whose host or image the step's lines name, before one that is only in its stage. Pure.
 */
export function blamePoint(failed: FailedStep, points: readonly MetPoint[]): Blame | null {
  const text = [failed.name, failed.message, ...failed.lines, ...failed.telling].join('\n');
  const ranked = points
    .filter((point) => point.inClosure && point.via !== 'dropped')
    .map((point) => ({ point, ...judge(point, failed, text) }))
    .map((judged) => ({ ...judged, score: judged.score + lastWords(judged.point, failed, judged.score) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => Number(b.point.via === 'none') - Number(a.point.via === 'none') || b.score - a.score);
  const best = ranked[0];
  return best === undefined ? null : { point: best.point, because: best.because };
}

/** 0: does not fit. */
function judge(point: MetPoint, failed: FailedStep, text: string): { score: number; because: string } {
  const sameStage = failed.stage === point.stage;
  if (point.kind === 'frontend' || point.kind === 'image' || point.kind === 'frozen-image') {
    const image = bareImage(point.url);
    if (names(text, image)) return { score: 4, because: `the step names ${image}` };
    return { score: 0, because: '' };
  }
  const host = /^<.*>$/.test(point.host) ? null : point.host;
  const named = host !== null && host !== '' && names(text, host);
  const pathNamed = named && names(text, pathOf(point.url));
  if (pathNamed) return { score: sameStage ? 6 : 5, because: `its lines name ${pathOf(point.url)} on ${host}` };
  if (named && sameStage) return { score: 4, because: `its lines name ${host}` };
  const signs = SIGNS[point.kind]?.test(text) === true;
  if (sameStage && signs) return { score: 3, because: `the step failed in stage ${point.stage}, where the point is` };
  // An apt point's sources are inherited; the stage alone does not tell them apart.
  if (named && signs) return { score: 2, because: `its lines name ${host}` };
  return { score: 0, because: '' };
}

/** More than the host of another point of the stage counts for. */
function lastWords(point: MetPoint, { stage, telling }: FailedStep, score: number): number {
  const last = telling.at(-1) ?? '';
  return score > 0 && point.stage === stage && LAST_WORDS[point.kind]?.test(last) === true ? 4 : 0;
}

/** `text` holds `part`, and it is not the middle of a longer name. */
function names(text: string, part: string): boolean {
  if (part === '') return false;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + part.length] ?? ' ';
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}

/** `docker.io/library/golang:1.16` → `golang:1.16`: BuildKit's lines have the long form, a Dockerfile the short one. */
function bareImage(url: string): string {
  return url.replace(/^(?:[a-z+]+:\/\/)?(?:docker\.io\/)?(?:library\/)?/, '');
}

/** `https://github.com/opencontainers/runc.git` → `opencontainers/runc`. */
function pathOf(url: string): string {
  return (/^[a-z+]+:\/\/[^/]+\/(.+?)(?:\.git)?(?:[?#].*)?$/.exec(url)?.[1] ?? '').replace(/\/$/, '');
}
