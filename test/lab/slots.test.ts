import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freeState, onlyState, runningStates, slotsMeant, stateDir } from './outside/slots.mjs';

describe('the slots of labs', () => {
  let cache: string;
  let before: NodeJS.ProcessEnv;
  const keepers: ChildProcess[] = [];

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'moby-build-slots-'));
    before = { ...process.env };
    process.env['LAB_CACHE'] = cache;
    delete process.env['LAB_SLOT'];
    delete process.env['VITEST_POOL_ID'];
  });
  afterEach(async () => {
    process.env = before;
    for (const keeper of keepers.splice(0)) {
      const gone = once(keeper, 'exit');
      keeper.kill('SIGKILL');
      await gone;
    }
    rmSync(cache, { recursive: true });
  });

  /** A process that has a keeper's arguments, as a lab of that slot would. */
  async function occupy(slot: string): Promise<void> {
    const state = stateDir(slot);
    mkdirSync(state, { recursive: true });
    const keeper = spawn('sh', ['-c', 'echo up; read line', 'outside/keeper.mjs', state]);
    keepers.push(keeper);
    await once(keeper.stdout, 'data');
    writeFileSync(join(state, 'keeper.pid'), String(keeper.pid));
  }

  it('are all meant, but for a worker of vitest its own, and where LAB_SLOT says one', () => {
    expect(slotsMeant({})).toEqual(['1', '2']);
    expect(slotsMeant({ VITEST_POOL_ID: '2' })).toEqual(['2']);
    expect(slotsMeant({ VITEST_POOL_ID: '2', LAB_SLOT: '1' })).toEqual(['1']);
  });

  it.each(['0', '3', '', '1/../..'])('are not %j', (LAB_SLOT) => {
    expect(() => slotsMeant({ LAB_SLOT })).toThrow(/one of 1, 2/u);
  });

  it('give the first that is free, until none is', async () => {
    expect([freeState(), runningStates(), onlyState()]).toEqual([stateDir('1'), [], null]);
    await occupy('1');
    expect([freeState(), runningStates(), onlyState()]).toEqual([stateDir('2'), [stateDir('1')], stateDir('1')]);
    await occupy('2');
    expect(runningStates()).toEqual([stateDir('1'), stateDir('2')]);
    expect(freeState).toThrow(/LAB_SLOT=1 node test\/lab\/lab\.mjs stop/u);
    expect(onlyState).toThrow(/LAB_SLOT=1 or LAB_SLOT=2/u);
    process.env['LAB_SLOT'] = '2';
    expect(onlyState()).toBe(stateDir('2'));
    expect(freeState).toThrow(/LAB_SLOT=2 node/u);
  });

  it('take a folder whose lab was killed for a free one', () => {
    mkdirSync(stateDir('1'), { recursive: true });
    writeFileSync(join(stateDir('1'), 'keeper.pid'), '4194999');
    expect(freeState()).toBe(stateDir('1'));
  });
});
