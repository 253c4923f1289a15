import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The test files of the lab that take minutes, longest first; on a fresh machine vitest knows no times. */
const LONG = [
  'bake-real',
  'faults',
  'recipe',
  'today',
  'seal',
  'kills',
  'image-pairs',
  'corporate',
  'builders',
  'bake',
];

/** A long file that starts last leaves every other worker idle: these are first, in this order; the others as vitest would have them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.findIndex((name) => moduleId.endsWith(`/test/lab/${name}.test.ts`));
      return place < 0 ? LONG.length : place;
    };
    return (await super.sort(files)).sort((one, two) => rank(one) - rank(two));
  }
}
