// Opens reports in a real Chromium and looks at them: no request, no error of the console, filters and sorting work, also by keyboard, nothing
// serious for axe; pictures at phone and desktop width, light and dark. Needs Debian's chromium: apt-get install chromium.
// Usage: npm run report:look [FOLDER FOR THE PICTURES]
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { runFacts } from '../src/report/facts/model.ts';
import { renderReport } from '../src/report/render.ts';
import { BUILD, recordOf, stepEntries } from '../test/unit/report/report-fixture.ts';

const folder = resolve(process.argv[2] ?? 'report-look');
mkdirSync(folder, { recursive: true });
const failures = [];

/** 400 steps of 24 stages, three at a time, as a build of moby has them. */
const many = Array.from({ length: 400 }, (_, index) => {
  const stage = `stage-${String(index % 24)}`;
  const words = 'RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=tmpfs,target=/go/src/ make '.repeat(
    2,
  );
  const start = Math.floor(index / 3) * 4 + (index % 3);
  const what = index === 399 ? 'failed' : index % 5 === 0 ? 'cached' : 'done';
  return stepEntries(
    index + 1,
    `[${stage} ${String(index + 1)}/400] ${words}${String(index)}`,
    start,
    start + 3 + (index % 7),
    what,
  );
}).flat();
const error = {
  code: 'build-failed',
  message: 'The build failed in stage stage-15: make\n  E: Unable to locate package',
  hint: 'less /work/build.log',
};
const pages = {
  small: recordOf(BUILD),
  large: recordOf(many, { exitCode: 6, error }),
  killed: recordOf(BUILD).slice(0, -4),
  chinese: recordOf(BUILD),
  'chinese-large': recordOf(many, { exitCode: 6, error }),
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const expect = (what, good) => {
  if (!good) failures.push(what);
};
for (const [name, entries] of Object.entries(pages)) {
  const language = name.startsWith('chinese') ? 'zh' : 'en';
  const file = resolve(folder, `${name}.html`);
  writeFileSync(
    file,
    renderReport(
      { run: runFacts(entries), before: ['small', 'chinese'].includes(name) ? runFacts(pages.killed) : null },
      'html',
      language,
    ),
  );
  for (const [width, colorScheme] of [
    [390, 'light'],
    [390, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: false });
    const page = await context.newPage();
    page.on('console', (message) => failures.push(`${name}: console: ${message.text()}`));
    page.on('pageerror', (thrown) => failures.push(`${name}: ${String(thrown)}`));
    page.on('request', (request) =>
      expect(`${name}: request of ${request.url()}`, request.url() === pathToFileURL(file).href),
    );
    await page.goto(pathToFileURL(file).href);
    const at = `${name} ${String(width)} ${colorScheme}`;
    expect(
      `${at}: wider than the screen`,
      await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    );
    await page.screenshot({
      path: resolve(folder, `${name}-${String(width)}-${colorScheme}.png`),
      fullPage: !name.endsWith('large'),
    });
    await interact(page, at, language);
    await context.close();
    await judge(file, at, { width, colorScheme });
  }
}
const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
await plain.goto(pathToFileURL(resolve(folder, 'large.html')).href);
expect('without script: all rows', (await plain.locator('#steps-table tbody tr').count()) === 400);
expect('without script: no filter', !(await plain.locator('[data-filter]').first().isVisible()));
await plain.pdf({ path: resolve(folder, 'large.pdf') });
await browser.close();
for (const failure of failures) console.error(failure);
console.log(`${String(failures.length)} failures; pictures in ${folder}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Sorting and filters of the table of steps, by keyboard. */
async function interact(page, at, language) {
  const rows = page.locator('#steps-table tbody tr');
  if ((await rows.count()) < 8) return;
  const took = page.locator('#steps-table th button').nth(4);
  await took.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const order = await page
    .locator('#steps-table tbody td:nth-child(5)')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.sort)));
  expect(
    `${at}: sorted by time`,
    order.every((value, index) => index === 0 || value <= order[index - 1]),
  );
  expect(`${at}: aria-sort`, (await page.locator('#steps-table th').nth(4).getAttribute('aria-sort')) === 'descending');
  const cached = language === 'zh' ? '缓存' : 'cached';
  await page.locator('#steps-table-filter').fill(`stage-7 ${cached}`);
  const shown = await rows.evaluateAll((all) => all.filter((row) => !row.hidden).map((row) => row.textContent));
  expect(
    `${at}: filtered`,
    shown.length > 0 && shown.length < 400 && shown.every((text) => text.includes('stage-7') && text.includes(cached)),
  );
  expect(
    `${at}: says how many`,
    (await page.locator('output[for=steps-table-filter]').textContent()) ===
      (language === 'zh' ? `显示 ${String(shown.length)} 行，共 400 行` : `${String(shown.length)} of 400 rows`),
  );
}

/** axe is put in by the tool, so here the page's own policy must be passed by. */
async function judge(file, at, { width, colorScheme }) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  for (const { id, impact, nodes } of violations)
    expect(`${at}: axe ${id} (${impact}): ${nodes[0]?.html.slice(0, 160) ?? ''} ×${String(nodes.length)}`, false);
  await context.close();
}
