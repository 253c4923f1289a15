/** One line of BuildKit's plain progress, read. */
export type ProgressLine =
  | { readonly type: 'name'; readonly step: number; readonly name: string }
  | { readonly type: 'cached'; readonly step: number }
  | { readonly type: 'done'; readonly step: number; readonly seconds: number }
  | { readonly type: 'canceled'; readonly step: number }
  | { readonly type: 'error'; readonly step: number; readonly message: string }
  | { readonly type: 'log'; readonly step: number; readonly text: string }
  /** Bytes of one object of a step: a layer, a file of an ADD, the build context. `total` null where it is not said. */
  | {
      readonly type: 'transfer';
      readonly step: number;
      readonly object: string;
      readonly bytes: number;
      readonly total: number | null;
    }
  /** Something about a step that is neither: `...`, `extracting`, a digest. */
  | { readonly type: 'noise'; readonly step: number }
  | { readonly type: 'rule' }
  | { readonly type: 'quoted-step'; readonly name: string }
  /** Not of a step: make's own lines, docker's, blanks. */
  | { readonly type: 'outside'; readonly text: string };

/** Colours and cursor movements: CSI and OSC sequences (ECMA-48). */

const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

const STEP = /^#(\d{1,6})(?: (.*))?$/s;
const SIZE = String.raw`(\d+(?:\.\d+)?)\s?(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)`;
const TRANSFER = new RegExp(`^(\\S+(?: \\S+)*?)(?::)? ${SIZE}(?: / ${SIZE})?(?: \\d+(?:\\.\\d+)?s)?(?: done)?$`);
const TRANSFERRED = /^(?:sha256:|transferring |copying files|https?:\/\/|writing )/;

const UNIT: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/**
 * Reads one line, of docker 19.03's and 20.10's built-in progress or of any buildx. `known`: steps that have been named; the
 * first `#N` line of a step that has no name yet is its name, unless it says what a step prints or fetches (a log that begins in the middle). Rules: BuildKit, util/progress/progressui (printer.go, display.go).
 */
export function readProgressLine(raw: string, known: (step: number) => boolean): ProgressLine {
  const line = raw.replace(ESCAPES, '').replace(/\r$/, '').replace(/^.*\r/s, '');
  const match = STEP.exec(line);
  if (match === null) {
    // Six round a failed step's lines, twenty round the Dockerfile's.
    if (/^-{6}(?:-{14})?$/.test(line)) return { type: 'rule' };
    const quoted = /^ > (.+?):?$/.exec(line)?.[1];
    return quoted === undefined ? { type: 'outside', text: line } : { type: 'quoted-step', name: quoted };
  }
  const step = Number(match[1]);
  const text = match[2] ?? '';
  // `#0 building with "default" instance using docker driver`: no step.
  if (step === 0) return { type: 'outside', text };
  if (text === '' || text === '...') return { type: 'noise', step };
  if (text === 'CACHED') return { type: 'cached', step };
  if (text === 'CANCELED' || text === 'CANCELLED') return { type: 'canceled', step };
  const done = /^DONE (\d+(?:\.\d+)?)s$/.exec(text)?.[1];
  if (done !== undefined) return { type: 'done', step, seconds: Number(done) };
  if (text.startsWith('ERROR: ')) return { type: 'error', step, message: text.slice('ERROR: '.length) };
  // No name begins with the seconds that stand before what a step prints: so a part of a log is read, too.
  const log = /^(?:\d+\.\d{1,3}) ?(.*)$/s.exec(text);
  if (log !== null) return { type: 'log', step, text: log[1] ?? '' };
  if (!known(step) && !/^(?:sha256:|extracting |transferring )/.test(text)) return { type: 'name', step, name: text };
  return readDetail(step, text);
}

function readDetail(step: number, text: string): ProgressLine {
  const transfer = TRANSFERRED.test(text) ? TRANSFER.exec(text) : null;
  if (transfer !== null) {
    return {
      type: 'transfer',
      step,
      object: transfer[1] ?? '',
      bytes: toBytes(transfer[2], transfer[3]),
      total: transfer[4] === undefined ? null : toBytes(transfer[4], transfer[5]),
    };
  }
  // After `...` BuildKit repeats the step's name before it goes on.
  if (/^(?:\[|resolve image config|docker-image:\/\/|exporting )/.test(text)) return { type: 'name', step, name: text };
  return { type: 'noise', step };
}

function toBytes(number: string | undefined, unit: string | undefined): number {
  return Math.round(Number(number ?? 0) * (UNIT[unit ?? 'B'] ?? 1));
}

/**
 * The stage in a step's name: `[base 2/6] RUN …` and `[linux/arm64 base  2/12] …` → `base`; `[internal] load …` and
 * `[auth] …` → null; the frontend's own image → `(frontend)`. Of several targets bake puts the target's name first:
 * `[binary linux/amd64->arm64 build 3/9] …`, `[binary] resolve image config …` (docker/buildx, util/progress/multiwriter.go, addPrefix).
 */
export function stageOfStep(name: string): string | null {
  const bare = name.replace(/^\[[A-Za-z0-9_-]+\] (?=resolve |docker-image:)/, '');
  if (/^resolve image config for /.test(bare)) return '(frontend)';
  if (/^docker-image:\/\/\S*docker\/dockerfile(?:-upstream)?[:@]/.test(bare)) return '(frontend)';
  return /^\[(?:[A-Za-z0-9_./>-]+ ){0,2}([A-Za-z0-9][A-Za-z0-9_.-]*) +\d+\/\d+\]/.exec(bare)?.[1] ?? null;
}

/** apt's `Fetched 103 MB in 12s (8,580 kB/s)`; its units are powers of 1000. Pure. */
export function fetchedBytes(text: string): number {
  const match = /^Fetched ([\d,.]+) (B|kB|MB|GB) in /.exec(text.trim());
  if (match === null) return 0;
  const unit = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[match[2] ?? 'B'] ?? 1;
  return Math.round(Number((match[1] ?? '0').replaceAll(',', '')) * unit);
}
