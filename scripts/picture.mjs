// npm run picture -- CLONE: writes docs/picture.svg, what a terminal shows of a real run. CLONE is a clone of moby that has v20.10.12.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx/core';

const REF = 'v20.10.12';
const LINE = ['patch', '--ref', REF, '--arch', 'arm64', '--profile', 'cn'];
const [clone, ...more] = process.argv.slice(2);
if (clone === undefined || more.length > 0) throw new Error('usage: npm run picture -- CLONE');

/** In the colours that most terminals have for these codes (ECMA-48, SGR 31 to 36). */
const COLOURS = { 31: '#e06c75', 32: '#98c379', 33: '#e5c07b', 34: '#61afef', 35: '#c678dd', 36: '#56b6c2' };
const [CHARACTER, LINE_HEIGHT, MARGIN] = [8.4, 19, 16];
const COLUMNS = 104;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** One line of a terminal as SVG. */
function svgLine(line, index) {
  let [colour, bold, dim] = [null, false, false];
  const spans = line.split(/(\u001b\[[0-9;]*m)/u).map((part) => {
    const codes = /^\u001b\[([0-9;]*)m$/u.exec(part)?.[1];
    if (codes === undefined) {
      const style = [
        ...(colour === null ? [] : [`fill="${colour}"`]),
        ...(bold ? ['font-weight="bold"'] : []),
        ...(dim ? ['opacity="0.65"'] : []),
      ];
      return part === '' ? '' : `<tspan ${style.join(' ')}>${escape(part)}</tspan>`;
    }
    for (const code of codes.split(';').map(Number)) {
      if (code === 0) [colour, bold, dim] = [null, false, false];
      else if (code === 1) bold = true;
      else if (code === 2) dim = true;
      else if (code === 22) [bold, dim] = [false, false];
      else if (code === 39) colour = null;
      else colour = COLOURS[code] ?? colour;
    }
    return '';
  });
  return `<text x="${MARGIN}" y="${MARGIN + (index + 1) * LINE_HEIGHT}" xml:space="preserve">${spans.join('')}</text>`;
}

/** As a terminal of so many columns breaks a line: wherever it is full. */
function broken(line) {
  const parts = [''];
  let width = 0;
  for (const piece of line.match(/\u001b\[[0-9;]*m|[^]/gu) ?? []) {
    if (!piece.startsWith('\u001b') && width === COLUMNS) {
      parts.push('');
      width = 0;
    }
    parts[parts.length - 1] += piece;
    if (!piece.startsWith('\u001b')) width += 1;
  }
  return parts;
}

function svg(lines) {
  const widest = Math.max(...lines.map((line) => line.replaceAll(/\u001b\[[0-9;]*m/gu, '').length));
  const [width, height] = [Math.ceil(widest * CHARACTER + 2 * MARGIN), lines.length * LINE_HEIGHT + 2 * MARGIN + 6];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>moby-build ${LINE.join(' ')}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#1e2127"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#dcdfe4">`,
    ...lines.map(svgLine),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const scratch = mkdtempSync(join(tmpdir(), 'moby-build-picture-'));
try {
  const tree = join(scratch, 'moby');
  await $({
    quiet: true,
  })`git clone --quiet --shared --branch ${REF} --config advice.detachedHead=false ${clone} ${tree}`;
  const { stderr } = await $({
    quiet: true,
  })`${process.execPath} bin/moby-build.cjs ${LINE} --source ${tree} --no-probe --color always`;
  const shown = `\u001b[1m$\u001b[22m moby-build ${LINE.join(' ')} > moby.patch\n${stderr.trimEnd().replaceAll(scratch, '')}`;
  writeFileSync('docs/picture.svg', svg(shown.split('\n').flatMap((line) => broken(line.trimEnd()))));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
