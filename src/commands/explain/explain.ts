import type { Readable } from 'node:stream';
import { existsSync, statSync } from 'node:fs';
import { suggestion } from '../../config/nearest.ts';
import { EXIT, MobyBuildError } from '../../errors.ts';
import { judgeLog, type LogCause, type LogVerdict } from '../../explain/judge-log.ts';
import { LogReader } from '../../explain/log-reader.ts';
import { mirrorOfHost } from '../../mirrors/catalogue/mirror-of-host.ts';
import { NEXT } from '../../next-command.ts';
import { faultKind } from '../../symptoms/faults.ts';
import { quoteWord } from '../../system/command-line.ts';
import { toFileError } from '../../system/file-error.ts';
import { logLines, NotText, type NoText } from '../../system/files/log-lines.ts';
import { redactText } from '../../system/redact.ts';
import type { CommandContext } from '../context/context.ts';
import { allCodes, codePage } from './code-page.ts';
import type { CausePart, CodePage, ExplainDocument, LogExplained } from './document.ts';
import { nextOf } from './next-of.ts';

export interface ExplainReport {
  readonly command: 'explain';
  readonly log: LogExplained | null;
  readonly page: CodePage | null;
}

/**
 * `moby-build explain LOG|CODE|-`: why a build failed, from its log, whoever made it; or the page of a code.
 *
 * @param subject a file, a code, or `-` for stdin. A code of a symptom (`MB-…`) is never a file; another word is a file where there is one
 * @throws MobyBuildError `unknown-code`, `not-a-log`, `no-such-file` (2); `no-permission` (3)
 */
export async function explain(context: CommandContext, subject: string, stdin: Readable): Promise<ExplainReport> {
  const page = /^MB-\d+$/iu.test(subject) || !existsSync(subject) ? codePage(subject) : null;
  const log = page === null ? await explainLog(subject, stdin) : null;
  const report: ExplainDocument = { about: page === null ? 'log' : 'code', log, page };
  Object.assign(context.document, report);
  return { command: 'explain', log, page };
}

async function explainLog(path: string, stdin: Readable): Promise<LogExplained> {
  const reader = new LogReader();
  for await (const line of linesOf(path, stdin)) reader.feed(line);
  const verdict = judgeLog(reader.end());
  return {
    path,
    lines: verdict.lines,
    format: verdict.format,
    outcome: verdict.outcome,
    causes: verdict.causes.map(causePartOf),
    telling: verdict.telling.map(shown),
    ownCode: verdict.ownCode?.code ?? null,
  };
}

async function* linesOf(path: string, stdin: Readable): AsyncGenerator<string> {
  if (path !== '-' && statSync(path, { throwIfNoEntry: false }) === undefined) throw unknownCode(path);
  if (path !== '-' && statSync(path).isDirectory()) throw isFolder(path);
  try {
    yield* logLines(path === '-' ? stdin : path);
  } catch (cause) {
    if (cause instanceof NotText) throw notALog(path, cause.kind);
    throw path === '-' ? cause : toFileError(cause, path);
  }
}

function causePartOf({ row, line, step, stage, place, url, certainty }: LogCause): CausePart {
  const host = url === null ? null : hostOf(url);
  return {
    code: row.code,
    certainty,
    meaning: faultKind(row.fault).meaning,
    tool: row.tool,
    cause: row.cause,
    hint: row.hint,
    ...nextOf(row.next),
    line: shown(line),
    step: step === null ? null : redactText(step),
    stage,
    place,
    host,
    mirror: host === null ? null : mirrorOfHost(host),
  };
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

/** A line may hold a password, and what is shown here is sent to others. */
function shown({ number, text }: LogVerdict['telling'][number]): { number: number; text: string } {
  return { number, text: redactText(text.trim()) };
}

const UNPACK: Readonly<Record<Exclude<NoText, 'binary'>, string>> = {
  gzip: 'gzip -dc',
  zip: 'unzip -p',
  zstd: 'zstd -dc',
  xz: 'xz -dc',
  bzip2: 'bzip2 -dc',
};

function notALog(path: string, kind: NoText): MobyBuildError {
  const name = path === '-' ? 'FILE' : quoteWord(path);
  return new MobyBuildError({
    code: 'not-a-log',
    exitCode: EXIT.usage,
    message: kind === 'binary' ? `${path} is no text.` : `${path} is compressed (${kind}).`,
    where: path,
    hint: kind === 'binary' ? 'explain reads the text of a log.' : 'Unpack it first, and explain the text.',
    command: kind === 'binary' ? `file ${name}` : `${UNPACK[kind]} ${name} > build.log`,
  });
}

function isFolder(path: string): MobyBuildError {
  return new MobyBuildError({
    code: 'no-such-file',
    exitCode: EXIT.usage,
    message: `${path} is a folder, and explain reads one log.`,
    where: path,
    hint: 'The log of a build is build.log in its work dir; the error of the build names it.',
    command: `ls ${quoteWord(path)}`,
  });
}

function unknownCode(word: string): MobyBuildError {
  // Codes of symptoms are compared in small letters, and written in capitals.
  const meant = suggestion(word, allCodes()).replace('mb-', 'MB-');
  return new MobyBuildError({
    code: 'unknown-code',
    exitCode: EXIT.usage,
    message: `${word} is neither a file nor a code${meant}`,
    where: word,
    hint: 'The codes stand in docs/reference/codes.md.',
    command: NEXT.help('explain'),
  });
}
