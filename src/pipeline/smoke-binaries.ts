import { smoke } from '../smoke/smoke.ts';
import { MESSAGES } from '../ui/messages.ts';
import { known, type RunState } from './state.ts';

/** Starts what was built and checks its start-up. Fills in `state.smoke`; a failed check is told after the manifest is written. */
export async function smokeBinaries(state: RunState, say: (text: string) => void): Promise<string> {
  const report = await smoke({
    dir: known(state, 'outDir'),
    arch: state.options.arch,
    series: known(state, 'plan').series,
    onEvent: (event) => {
      if (event.kind === 'started') say(MESSAGES.checking(event.index + 1, event.count, event.title));
    },
  });
  state.smoke = report.checks;
  const { ok, failed } = report.totals;
  return `${String(ok)} ok, ${String(failed)} failed`;
}
