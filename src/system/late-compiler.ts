import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 compile a function for speed later than by its own rule. Most runs are over within a second or two, and what they compile is used
 * too little to pay for it: a `patch` takes a quarter less CPU so. A run that plans hundreds of trees takes as much CPU and a tenth more time, so
 * it does without. A V8 that does not know the flag ignores it.
 */
export function compileLate(): void {
  setFlagsFromString('--interrupt-budget=1500000');
}
