import { readProgressLine, stageOfStep } from '../make/progress/progress-line.ts';
import { symptomsOf } from '../symptoms/table.ts';
import { cleanLine } from './clean-line.ts';
import { readRawStatus, textOfLog, type RawStatus } from './raw-json.ts';
import { StepMemory, type LogLine } from './step-memory.ts';

export type LogFormat = 'buildkit' | 'rawjson' | 'legacy' | 'text';

/** A step that failed, and the line that says so. */
export interface FailedMemory {
  readonly memory: StepMemory;
  readonly line: LogLine;
}

/** What a log comes to. */
export interface ReadLog {
  readonly format: LogFormat;
  readonly lines: number;
  readonly failed: readonly FailedMemory[];
  /** Steps that had begun and were not done when the log ended. */
  readonly open: readonly StepMemory[];
  readonly outside: StepMemory;
  /** Something in the log says that the build failed. */
  readonly sawFailure: boolean;
  /** Something in the log says that a build ended well, after the last failure. */
  readonly sawSuccess: boolean;
  /** The newest place in a Dockerfile that BuildKit named: `Dockerfile:25`. */
  readonly place: { readonly file: string; readonly line: number } | null;
  /** A code of ours that the log has: of an error of moby-build. */
  readonly ownCode: { readonly code: string; readonly line: LogLine } | null;
}

const SUCCESS = /^Successfully (?:built|tagged) |^Job succeeded|^Build succeeded|^moby-build: .*(?:are|is) in \S+$/u;

/**
 * Reads a log line by line, in constant memory: BuildKit's plain progress (docker 19.03 to any buildx), its rawjson, the builder before
 * BuildKit, or only text; with what collectors of logs put before each line. Steps that were done are forgotten: what went wrong in them
 * was healed. When the build begins anew in the same log, what failed before is forgotten, too.
 */
export class LogReader {
  private format: LogFormat = 'text';
  private number = 0;
  private steps = new Map<string, StepMemory>();
  private closed = new Set<string>();
  private failed: FailedMemory[] = [];
  private outside = new StepMemory('', null);
  private inQuote = false;
  private quoted: StepMemory | null = null;
  private sawFailure = false;
  private sawSuccess = false;
  private place: ReadLog['place'] = null;
  private ownCode: ReadLog['ownCode'] = null;

  feed(raw: string): void {
    this.number += 1;
    const status = readRawStatus(raw);
    if (status !== null) {
      this.rawStatus(status);
      return;
    }
    for (const text of cleanLine(raw)) this.line({ number: this.number, text });
  }

  end(): ReadLog {
    const { format, number, failed, outside, sawFailure, sawSuccess, place, ownCode } = this;
    const open = [...this.steps].filter(([key]) => !this.closed.has(key)).map(([, memory]) => memory);
    return { format, lines: number, failed, open, outside, sawFailure, sawSuccess, place, ownCode };
  }

  private line(line: LogLine): void {
    if (this.legacy(line)) return;
    const progress = readProgressLine(line.text, (step) => this.steps.has(String(step)));
    switch (progress.type) {
      case 'name':
        this.begin(String(progress.step), progress.name);
        return;
      case 'log':
        if (!this.inQuote) this.stepOf(String(progress.step)).add({ ...line, text: progress.text });
        return;
      case 'done':
      case 'cached':
      case 'canceled':
        this.close(String(progress.step));
        return;
      case 'error':
        this.fail(String(progress.step), progress.message, line);
        return;
      case 'rule':
        this.inQuote = !this.inQuote;
        if (!this.inQuote) this.quoted = null;
        return;
      case 'quoted-step':
        if (this.inQuote) this.quoted = this.quotedStep(progress.name);
        else this.speak(line);
        return;
      case 'noise':
      case 'transfer':
        return;
      case 'outside':
        this.speak({ ...line, text: progress.text });
    }
  }

  /** A line of no step, or one of the block in which a failed step's last lines are said again. */
  private speak(line: LogLine): void {
    const { text } = line;
    if (/^(?:make(?:\[\d+\])?: |ERROR: |failed to solve)/u.test(text)) this.inQuote = false;
    if (this.inQuote && this.quoted !== null) {
      this.quoted.add({ ...line, text: text.replace(/^(?:#\d+ )?\d+\.\d{1,3} /u, '') });
      return;
    }
    const place = /^([\w./-]*Dockerfile[\w.-]*):(\d+)$/u.exec(text.trim());
    if (place !== null) this.place = { file: place[1] ?? '', line: Number(place[2]) };
    const own = /^\s*(?:code: |"code": ?")([a-z]+(?:-[a-z]+)*|bug)"?,?$/u.exec(text)?.[1];
    if (own !== undefined) this.ownCode = { code: own, line };
    if (SUCCESS.test(text)) this.sawSuccess = true;
    // A build that failed says so outside of its steps, too: that is its end, and no cause.
    if (symptomsOf(text).some(({ counts }) => counts === 'never') || /^\s*failed to solve/u.test(text)) {
      this.sawFailure = true;
      this.sawSuccess = false;
    }
    this.outside.add(line);
  }

  /** The builder before BuildKit: `Step 3/10 : RUN …`, ` ---> 1234567890ab`. A step is done when the next begins. */
  private legacy(line: LogLine): boolean {
    const step = /^Step (\d+)(?:\/\d+)? ?: (.+)$/u.exec(line.text);
    if (step !== null) {
      this.format = 'legacy';
      if (step[1] === '1') this.anew();
      for (const key of this.steps.keys()) this.close(key);
      this.steps.set(step[1] ?? '', new StepMemory(step[2] ?? '', null));
      this.closed.delete(step[1] ?? '');
      return true;
    }
    if (this.format !== 'legacy') return false;
    const [key, memory] = [...this.steps].at(-1) ?? ['', this.outside];
    if (/^Successfully built /u.test(line.text)) {
      this.close(key);
      this.sawSuccess = true;
      return true;
    }
    if (/returned a non-zero code: \d+|^COPY failed: |^ADD failed: |^OCI runtime create failed/u.test(line.text)) {
      memory.add(line);
      this.failed.push({ memory, line });
      this.sawFailure = true;
      this.sawSuccess = false;
      this.closed.add(key);
      return true;
    }
    if (this.closed.has(key)) return false;
    memory.add(line);
    return true;
  }

  private begin(key: string, name: string): void {
    // A further try numbers its steps from the beginning.
    if (this.steps.has(key) && this.closed.has(key) && this.sawFailure) this.anew();
    else if (key === '1' && (this.steps.has(key) || this.failed.length > 0)) this.anew();
    this.stepOf(key).named(name, stageOfStep(name));
  }

  /** A step of BuildKit; in a log that begins in the middle it has no name until BuildKit repeats it. */
  private stepOf(key: string): StepMemory {
    if (this.format === 'text') this.format = 'buildkit';
    const memory = this.steps.get(key) ?? new StepMemory(null, null);
    this.steps.set(key, memory);
    return memory;
  }

  private close(key: string): void {
    this.closed.add(key);
    const memory = this.steps.get(key);
    // What it said is not needed any more; its name is, for a block that quotes it.
    if (memory !== undefined && !this.failed.some((each) => each.memory === memory))
      this.steps.set(key, new StepMemory(memory.name === '' ? null : memory.name, memory.stage));
  }

  private fail(key: string, message: string, line: LogLine): void {
    // The others are stopped because one failed; BuildKit calls that an error of theirs too.
    if (/^(?:context canceled|canceled|cancelled)/iu.test(message)) {
      this.close(key);
      return;
    }
    const memory = this.steps.get(key) ?? new StepMemory(null, null);
    memory.add({ ...line, text: message });
    if (!this.failed.some((each) => each.memory === memory)) this.failed.push({ memory, line });
    this.closed.add(key);
    this.sawFailure = true;
    this.sawSuccess = false;
  }

  private quotedStep(name: string): StepMemory {
    const known = [...this.steps.values()].findLast(
      (step) => step.name !== '' && (step.name.startsWith(name) || name.startsWith(step.name)),
    );
    // A log that begins in the middle names the failed step here first.
    const unnamed = this.failed.at(-1)?.memory;
    if (known !== undefined) return known;
    if (unnamed?.name === '') {
      unnamed.named(name, stageOfStep(name));
      return unnamed;
    }
    // A log of a terminal has the block only.
    const memory = new StepMemory(name, stageOfStep(name));
    if (this.format === 'text') this.format = 'buildkit';
    this.failed.push({ memory, line: { number: this.number, text: name } });
    this.sawFailure = true;
    return memory;
  }

  private rawStatus({ vertexes, logs }: RawStatus): void {
    this.format = 'rawjson';
    for (const { digest, name = digest } of vertexes ?? [])
      if (!this.steps.has(digest)) this.steps.set(digest, new StepMemory(name, stageOfStep(name)));
    for (const { vertex = '', data } of logs ?? [])
      for (const text of textOfLog(data))
        for (const part of cleanLine(text)) this.steps.get(vertex)?.add({ number: this.number, text: part });
    for (const { digest, completed, cached, error = '' } of vertexes ?? []) {
      if (error !== '') this.fail(digest, error, { number: this.number, text: error });
      else if (cached === true || (completed ?? null) !== null) this.close(digest);
    }
  }

  /** The build begins anew: what failed before is not why it failed, if it did. */
  private anew(): void {
    this.steps = new Map();
    this.closed = new Set();
    this.failed = [];
    this.outside = new StepMemory('', null);
    this.inQuote = false;
    this.quoted = null;
    this.sawFailure = false;
    this.sawSuccess = false;
    this.place = null;
  }
}
