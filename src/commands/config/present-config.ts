import { EXIT } from '../../errors.ts';
import { fitTable } from '../../ui/fit-table.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { tableWord } from '../../ui/speech/table-words.ts';
import type { Presentation } from '../../ui/presentation.ts';
import type { Page } from '../audit/audit-text.ts';
import { notesText } from '../patch/plan-report.ts';
import type { ConfigReport } from './config.ts';
import type { ConfigShowDocument } from './document.ts';

type ConfigValue = ConfigShowDocument['values'][number]['value'];

/** The settings, the schema or the file's text on stdout; what became of it on stderr. */
export function presentConfig(report: ConfigReport, page: Page, quiet: boolean): Presentation {
  const end = { exitCode: EXIT.done, error: null };
  if (report.action === 'schema') return { stdout: report.text, stderr: '', ...end };
  if (report.action === 'init') {
    const { file, text, written } = report;
    const words = written ? MESSAGES.configWritten(file) : MESSAGES.configNotWritten(file);
    return { stdout: written ? `${file}\n` : text, stderr: '', closing: quiet ? '' : `${words}\n`, ...end };
  }
  const { values, file, notes } = report;
  const table = fitTable(
    [
      { head: 'key', cells: values.map(({ key }) => key), least: 18 },
      { head: 'from', cells: values.map(({ origin, place }) => originText(origin, place)), least: 16 },
      // Last: one long list would push what stands behind it off the screen.
      { head: 'value', cells: values.map(({ value }) => valueText(value)), least: 20 },
    ],
    page.columns,
  );
  const told = notes.length === 0 ? '' : `\n${notesText(notes, page.colours)}\n`;
  return {
    stdout: `${table}\n`,
    isText: true,
    stderr: '',
    closing: quiet ? '' : `\n${MESSAGES.configFile(file)}\n${told}`,
    ...end,
  };
}

function valueText(value: ConfigValue): string {
  if (value === null) return '-';
  if (Array.isArray(value))
    return value.length === 0 ? '-' : (value as readonly ConfigValue[]).map(valueText).join(', ');
  if (typeof value === 'object') return '-';
  return String(value);
}

/** `flag --ref`, `environment MOBY_BUILD_REF`, `file moby-build.yaml:3:8`, `profile cn`, `default` */
function originText(origin: string, place: string | null): string {
  return place === null ? tableWord(origin) : `${tableWord(origin)} ${place}`;
}
