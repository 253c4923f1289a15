import bundle from './zh/bundle.json' with { type: 'json' };
import codes from './zh/codes.json' with { type: 'json' };
import commands from './zh/commands.json' with { type: 'json' };
import config from './zh/config.json' with { type: 'json' };
import data from './zh/data.json' with { type: 'json' };
import doctor from './zh/doctor.json' with { type: 'json' };
import messages from './zh/messages.json' with { type: 'json' };
import mirrors from './zh/mirrors.json' with { type: 'json' };
import options from './zh/options.json' with { type: 'json' };
import result from './zh/result.json' with { type: 'json' };
import run from './zh/run.json' with { type: 'json' };
import smoke from './zh/smoke.json' with { type: 'json' };
import source from './zh/source.json' with { type: 'json' };
import system from './zh/system.json' with { type: 'json' };
import tree from './zh/tree.json' with { type: 'json' };
import { CAUSES_ZH } from './symptoms/causes-zh.ts';
import { HINTS_ZH } from './symptoms/hints-zh.ts';
import type { Translations } from './translator.ts';

/** Every sentence of the product in Simplified Chinese, by its English. Terms as the Chinese documents of Docker, Debian and Go use them. */
export const CHINESE: Translations = {
  ...bundle,
  ...codes,
  ...commands,
  ...config,
  ...data,
  ...doctor,
  ...messages,
  ...mirrors,
  ...options,
  ...result,
  ...run,
  ...smoke,
  ...source,
  ...system,
  ...tree,
  ...CAUSES_ZH,
  ...HINTS_ZH,
};
