import { commandLine } from '../../system/command-line.ts';
import { duration, size } from '../../ui/amounts.ts';
import { visible } from '../../ui/visible.ts';
import { differencesOf } from '../facts/differences.ts';
import type { RunFacts, RunReport } from '../facts/model.ts';
import { endOf, type ReportStep } from '../facts/steps.ts';
import { code, number, plain, type Block, type Cell, type Content, type Section } from './blocks.ts';
import { receivedBlocks } from './received-blocks.ts';
import { sealBlocks } from './seal-blocks.ts';
import { fill, type Sentences } from './sentences.ts';

/** A report as sections, in one language; what it is written as is decided elsewhere. Sections without facts are left out. Pure. */
export function contentOf({ run, before }: RunReport, say: Sentences): Content {
  const { source, plan } = run;
  const title =
    source === null || plan === null
      ? say.titleUnknown
      : fill(say.title, { ref: visible(source.ref), platform: plan.platform });
  const sections = [
    ...errorSection(run, say),
    askedSection(run, say),
    pointsSection(run, say),
    imagesSection(run, say),
    { id: 'seal', title: say.seal, blocks: sealBlocks(run, say) },
    timelineSection(run, say),
    pathSection(run, say),
    stepsSection(run, say),
    binariesSection(run, say),
    checksSection('checks', run.checks, say),
    checksSection('smoke', run.smoke, say),
    notesSection(run, say),
    differenceSection(run, before, say),
  ].filter(({ blocks }) => blocks.length > 0);
  return { title, summary: outcomeOf(run, say), sections };
}

function outcomeOf(run: RunFacts, say: Sentences): Content['summary'] {
  const { outcome, seconds, end } = run;
  const time = duration(seconds ?? 0);
  const failedLog = outcome === 'failed' && end === null;
  const text = failedLog
    ? `${say.outcomeFailedLog} ${say['outcome.unknown']}`
    : fill(say[`outcome.${outcome}`], { time, code: end?.exitCode ?? 0 });
  return { is: 'text', text, mark: outcome === 'built' ? 'good' : outcome === 'failed' ? 'bad' : 'warn' };
}

function errorSection({ end }: RunFacts, say: Sentences): readonly Section[] {
  const error = end?.error ?? null;
  if (error === null) return [];
  const { code: name, message, hint } = error;
  const lines = [`[${name}] ${message}`, ...(hint === null ? [] : ['', hint])].join('\n');
  return [{ id: 'error', title: say.error, blocks: [{ is: 'lines', text: lines }] }];
}

function askedSection({ begin, source, plan, end }: RunFacts, say: Sentences): Section {
  const facts: (readonly [string, Cell])[] = [];
  if (source !== null) {
    facts.push([say.reference, code(source.ref)]);
    if (source.commit !== null) facts.push([say.commit, code(source.commit)]);
    facts.push([say.whoSays, plain(say[`pin.${source.pin}`])]);
    if (source.through !== null) facts.push([say.through, code(source.through)]);
    if (source.receivedBytes > 0) facts.push([say.received, plain(size(source.receivedBytes))]);
  }
  if (plan !== null)
    facts.push([say.target, code(plan.target)], [say.platform, code(plan.platform)], [say.profile, code(plan.profile)]);
  if (begin !== null) facts.push([say.begun, plain(begin.at)], [say.tool, plain(begin.tool)]);
  if (source !== null) facts.push([say.outDir, code(source.outDir)], [say.log, code(source.log)]);
  const bytes = end?.downloadedBytes ?? null;
  if (bytes !== null) facts.push([say.downloaded, plain(`${size(bytes)} (${say.downloadedNote})`)]);
  const asked = Object.entries(begin?.asked ?? {});
  const blocks: Block[] = facts.length === 0 ? [] : [{ is: 'facts', rows: facts }];
  if (asked.length > 0)
    blocks.push({
      is: 'table',
      id: 'options',
      caption: say.asked,
      head: [say.option, say.value],
      rows: asked.map(([name, value]) => [code(name), code(optionText(value))]),
    });
  if (begin !== null)
    blocks.push(
      { is: 'text', text: say.repeat },
      { is: 'lines', text: commandLine({ file: 'moby-build', args: begin.line }) },
    );
  if (plan !== null) blocks.push({ is: 'text', text: say.makeCommand }, { is: 'lines', text: plan.command });
  return { id: 'asked', title: say.asked, blocks };
}

function optionText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function pointsSection(run: RunFacts, say: Sentences): Section {
  const points = run.plan?.points ?? [];
  if (points.length === 0) return { id: 'points', title: say.points, blocks: [] };
  const rows = points.map(({ kind, url, file, line, stage, via, mirror, inClosure }) => [
    plain(kind),
    code(url),
    code(`${file}:${String(line)}`),
    code(stage),
    { text: say[`via.${via}`], ...(via === 'none' && inClosure ? { mark: 'bad' as const } : {}) },
    code(mirror ?? ''),
    { text: inClosure ? say.yes : say.no, ...(inClosure ? {} : { mark: 'quiet' as const }) },
  ]);
  const inside = points.filter(({ inClosure }) => inClosure).length;
  return {
    id: 'points',
    title: say.points,
    blocks: [
      { is: 'text', text: fill(say.pointsWords, { inside, all: points.length }) },
      {
        is: 'table',
        id: 'points-table',
        caption: say.points,
        head: [say.kind, say.address, say.place, say.stage, say.resolution, say.mirror, say.used],
        rows,
      },
      ...receivedBlocks(run, say),
    ],
  };
}

function imagesSection({ plan }: RunFacts, say: Sentences): Section {
  const rows = (plan?.images ?? []).map(({ reference, platform, digest, basis, mirror, operators, witnesses }) => [
    code(reference),
    plain(platform),
    code(digest),
    plain(basis),
    code(mirror),
    plain([...operators.map(({ operator, mirror: id }) => `${operator} (${id})`), ...witnesses].join(', ')),
  ]);
  const head = [say.image, say.platform, say.digest, say.basis, say.mirror, say.witnesses];
  return {
    id: 'images',
    title: say.images,
    blocks: rows.length === 0 ? [] : [{ is: 'table', id: 'images-table', caption: say.images, head, rows }],
  };
}

function timelineSection({ steps, attempts }: RunFacts, say: Sentences): Section {
  const count = (state: ReportStep['state']): number => steps.filter((step) => step.state === state).length;
  const words =
    steps.length === 0
      ? say.noSteps
      : fill(say.timelineWords, {
          count: steps.length,
          cached: count('cached'),
          failed: count('failed'),
          most: mostAtOnce(steps),
        });
  const tries = attempts > 1 ? ` ${fill(say.timelineTries, { tries: attempts })}` : '';
  const placed = steps.filter(({ start }) => start !== null);
  const alt = fill(say.timelineAlt, { time: duration(Math.max(0, ...placed.map(endOf))) });
  const blocks: Block[] = [{ is: 'text', text: `${words}${tries}` }];
  if (placed.length > 0) blocks.push({ is: 'timeline', alt, otherStage: say.otherStage, steps: placed });
  return { id: 'timeline', title: say.timeline, blocks };
}

/** How many steps ran at one moment. */
function mostAtOnce(steps: readonly ReportStep[]): number {
  const moments = steps
    .filter(({ seconds, state }) => seconds > 0 && state !== 'cached')
    .flatMap((step) => [
      { at: step.start ?? 0, change: 1 },
      { at: endOf(step), change: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.change - b.change);
  let running = 0;
  return moments.reduce((most, { change }) => Math.max(most, (running += change)), steps.length > 0 ? 1 : 0);
}

function pathSection({ path }: RunFacts, say: Sentences): Section {
  if (path.length === 0) return { id: 'path', title: say.path, blocks: [] };
  const time = path.reduce((sum, { step }) => sum + step.seconds, 0);
  const whole = Math.max(...path.map(({ step }) => endOf(step)));
  const rows = path.map(({ step, waited, because }, index) => [
    number(String(index + 1), index + 1),
    stepName(step),
    code(step.stage ?? ''),
    number(duration(step.start ?? 0), step.start ?? 0),
    number(duration(step.seconds), step.seconds),
    number(waited < 0.1 ? '' : duration(waited), waited),
    plain(because === null ? '' : say[`order.${because}`]),
  ]);
  const head = [say.number, say.step, say.stage, say.start, say.took, say.waited, say.order];
  return {
    id: 'path',
    title: say.path,
    blocks: [
      { is: 'text', text: fill(say.pathWords, { time: duration(time), whole: duration(whole) }) },
      { is: 'table', id: 'path-table', caption: say.path, head, rows },
    ],
  };
}

function stepsSection({ steps }: RunFacts, say: Sentences): Section {
  const mark = { failed: 'bad', canceled: 'warn', running: 'warn', cached: 'quiet', done: 'good' } as const;
  const rows = steps.map((step): readonly Cell[] => [
    number(String(step.number), step.number),
    stepName(step),
    code(step.stage ?? ''),
    step.start === null ? number('', -1) : number(duration(step.start), step.start),
    number(duration(step.seconds), step.seconds),
    { text: say[`state.${step.state}`], mark: mark[step.state] },
  ]);
  const head = [say.number, say.step, say.stage, say.start, say.took, say.state];
  return {
    id: 'steps',
    title: say.steps,
    blocks: rows.length === 0 ? [] : [{ is: 'table', id: 'steps-table', caption: say.steps, head, rows }],
  };
}

/** A step's name may be a whole script; its beginning tells it apart. */
const LONGEST_NAME = 400;

function stepName({ name }: ReportStep): Cell {
  const text = name.replaceAll(/\s+/gu, ' ');
  return code(text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text);
}

function binariesSection({ binaries }: RunFacts, say: Sentences): Section {
  const rows = binaries.map(({ name, bytes, machine, static: linked, version, sha256 }) => [
    code(name),
    number(size(bytes), bytes),
    plain(machine),
    // A script is linked with nothing.
    plain(machine === 'script' ? '' : linked ? say.static : say.dynamic),
    plain(version ?? ''),
    code(sha256),
  ]);
  const head = [say.name, say.size, say.machine, say.linkage, say.version, 'SHA-256'];
  return {
    id: 'binaries',
    title: say.binaries,
    blocks: rows.length === 0 ? [] : [{ is: 'table', id: 'binaries-table', caption: say.binaries, head, rows }],
  };
}

function checksSection(id: 'checks' | 'smoke', checks: RunFacts['checks'], say: Sentences): Section {
  const mark = { ok: 'good', warning: 'warn', failed: 'bad', skipped: 'quiet' } as const;
  const rows = checks.map(({ title, result, seen }): readonly Cell[] => [
    plain(title),
    { text: say[`result.${result}`], mark: mark[result] },
    plain(seen),
  ]);
  const head = [say.check, say.result, say.seen];
  return {
    id,
    title: say[id],
    blocks: rows.length === 0 ? [] : [{ is: 'table', id: `${id}-table`, caption: say[id], head, rows }],
  };
}

function notesSection({ notes }: RunFacts, say: Sentences): Section {
  const rows = notes.map(({ level, code: name, message, hint }): readonly Cell[] => [
    { text: say[`level.${level}`], mark: level === 'warning' ? 'warn' : 'quiet' },
    code(name),
    plain(hint === undefined ? message : `${message} ${hint}`),
  ]);
  const head = [say.level, say.code, say.message];
  return {
    id: 'notes',
    title: say.notes,
    blocks: rows.length === 0 ? [] : [{ is: 'table', id: 'notes-table', caption: say.notes, head, rows }],
  };
}

function differenceSection(run: RunFacts, before: RunFacts | null, say: Sentences): Section {
  const section = { id: 'difference', title: say.difference };
  // A log alone has nothing to compare.
  if (run.begin === null) return { ...section, blocks: [] };
  if (before === null) return { ...section, blocks: [{ is: 'text', text: say.firstRun }] };
  const differences = differencesOf(before, run);
  const times = [before.seconds, run.seconds].map((each) => (each === null ? '' : duration(each)));
  const rows = [
    ...differences.map(({ about, name, before: was, now }) => [
      plain(say[`about.${about}`]),
      code(name),
      code(was ?? ''),
      code(now ?? ''),
    ]),
    [plain(say['about.seconds']), plain(''), plain(times[0] ?? ''), plain(times[1] ?? '')],
  ];
  const head = [say.about, say.name, say.before, say.now];
  const table: Block = { is: 'table', id: 'difference-table', caption: say.difference, head, rows };
  return {
    ...section,
    blocks: differences.length === 0 ? [{ is: 'text', text: say.sameAsBefore }, table] : [table],
  };
}
