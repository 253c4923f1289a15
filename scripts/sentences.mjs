/**
 * The sentences of the product, as they stand in its code: every literal text with two words of English, and each text where a title, a finding
 * or the head of a column belongs. A hole is `{1}`, `{2}` …; `{is|are}` stands for a plural; a text that depends on something else is one
 * sentence for each way.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Two words side by side, the second of lower case; what is between back quotes or angle brackets counts for nothing. */
const TWO_WORDS = /[A-Za-z]{2,}[,;:.)]? \(?[a-z]{2,}/u;

/** Members whose text is always for people, also where it is one word. */
const ALWAYS = new Set(['title', 'seen', 'head', 'message', 'hint', 'group']);

/** Members and calls whose text is for programs, for developers, or in a document that is English in every language. */
/** Calls whose text is shown in the language of the run. */
const SPEAKS = /^(?:say|spoken|textTable|markdownTable|super)$/u;

const NEVER_MEMBERS = new Set([
  'source',
  'install',
  'command',
  'lines',
  'note',
  'comment',
  'code',
  'id',
  'line',
  'example',
  'args',
]);
const NEVER_CALLS =
  /(?:\.describe|\.regex|^documentSchema|^Error|^TypeError|^RangeError|^Set|^Map|^RegExp|^z|\.push\.apply|^String\.raw|^daemon|\.split|\.startsWith|\.endsWith|\.includes|\.replace|\.replaceAll|\.indexOf|\.test|^import)$/u;

/** A command to paste, which is the same in every language. */
const COMMAND =
  /^(?:\{1\})?(?:docker (?:buildx [a-z]|run -|context |version$|login |builder |inspect)|sudo |mkdir -|command -v|git (?:config|clone|log|diff) -?|ls -|unset [A-Z]|export \w+=|ssh \{|getent |systemctl |service |modprobe |timedatectl |apt-get install|chmod \d)/u;

/** Texts that look like sentences and are none. */
const IGNORED = new Set([
  '--no-probe',
  '(containerd or containerd.io or moby-containerd)',
  '$(standard input)',
  '_rpmfilename package.rpm',
  'anybody there?',
  'deb http://deb{1}/debian',
  'lthrough the proxy',
  'moby-build matrix',
  'overlay2 fuse-overlayfs btrfs zfs aufs overlay devicemapper',
  'overlay2 fuse-overlayfs btrfs zfs',
]);

/** Files whose texts are for programs or in packages, or stand in a table of their own in each language. */
const NOT_HERE =
  /^src\/(?:symptoms\/|commands\/explain\/words|ui\/speech\/(?:chinese|columns|speech|symptoms|translator)|report\/|commands\/[a-z]+\/document|document\/|egress\/world|egress\/detect\/other-tools|shell\/|types\.ts|names\.ts|cli\.ts|next-command\.ts|packages\/content\/(?:contents|control|metadata|scripts|spec|units)|patching\/render|signing\/(?:key-file|signature)\.ts|smoke\/daemon\/certificates|system\/sandbox\/sandbox-scripts|seal\/(?:canary-script|proxy|way-out)|config\/pages\/completion|artifacts\/elf\/go-build-info|bundle\/serve\/repositories|.*schema)/u;

/** Whether a file of src/ has sentences that are translated. @param {string} file */
export const hasSentences = (file) => file.endsWith('.ts') && !NOT_HERE.test(file);

/** Lists of words that stand in cells and heads of tables. */
const WORD_LISTS = /^(?:GROUPS|HEAD|TABLE_WORDS)$/u;
const SPOKEN_TABLES = /^(?:MESSAGES|RESULT_MESSAGES|QUIET)$/u;

const COMPARES = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.InKeyword,
]);

/** @typedef {{ text: string, chosen: Readonly<Record<string, boolean>> }} Way */

/** @param {string} file @returns {readonly { key: string, place: string }[]} */
export function sentencesOf(file, text = readFileSync(file, 'utf8')) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {{ key: string, place: string }[]} */
  const found = [];
  const taken = new Set();

  /** @param {ts.Node} node @returns {Way[] | null} */
  const waysOf = (node) => {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
      return waysOf(node.expression);
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      taken.add(node);
      return [{ text: escaped(node.text), chosen: {} }];
    }
    if (ts.isTemplateExpression(node)) {
      taken.add(node);
      let ways = [{ text: escaped(node.head.text), chosen: {} }];
      for (const { expression, literal } of node.templateSpans)
        ways = joined(joined(ways, spanWays(expression)), [{ text: escaped(literal.text), chosen: {} }]);
      return ways;
    }
    if (ts.isConditionalExpression(node)) return conditionalWays(node);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      const [left, right] = [spanWays(node.left), spanWays(node.right)];
      taken.add(node);
      return joined(left, right);
    }
    return null;
  };

  /** @param {ts.ConditionalExpression} node @returns {Way[] | null} */
  const conditionalWays = (node) => {
    const [yes, no] = [waysOf(node.whenTrue), waysOf(node.whenFalse)];
    if (yes === null && no === null) return null;
    const condition = node.condition.getText();
    if (
      /=== 1$/u.test(condition) &&
      yes?.length === 1 &&
      no?.length === 1 &&
      !/[\u0000{}]/u.test(yes[0].text + no[0].text)
    )
      return [{ text: `{${yes[0].text}|${no[0].text}}`, chosen: {} }];
    const hole = [{ text: '\u0000', chosen: {} }];
    return [
      ...(yes ?? hole).map((way) => ({ ...way, chosen: { ...way.chosen, [condition]: true } })),
      ...(no ?? hole).map((way) => ({ ...way, chosen: { ...way.chosen, [condition]: false } })),
    ];
  };

  /** @param {ts.Expression} node @returns {Way[]} */
  const spanWays = (node) => waysOf(node) ?? [{ text: '\u0000', chosen: {} }];

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (!taken.has(node) && !ts.isImportDeclaration(node) && !ts.isExportDeclaration(node) && !ts.isTypeNode(node)) {
      const isText =
        ts.isStringLiteral(node) ||
        ts.isNoSubstitutionTemplateLiteral(node) ||
        ts.isTemplateExpression(node) ||
        (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken && holdsText(node));
      if (isText) {
        const context = contextOf(node);
        const ways = waysOf(node) ?? [];
        if (context !== 'never')
          for (const { text: way } of ways) {
            const place = `${file}:${String(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)}`;
            found.push(...keysOf(way, context === 'always').map((key) => ({ key, place })));
          }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The sentences of a text: each line, and what stands behind a command as a comment. @param {string} way @param {boolean} always @returns {string[]} */
function keysOf(way, always) {
  return (
    way
      .split(/\n| {3}# /u)
      .map((part) => numbered(part.trim()))
      // A sentence of another place behind this one is told for itself.
      .map((key) => key.replace(/(?<=[a-z0-9})][.?!]) \{\d\}$/u, ''))
      .filter((key) => {
        const bare = key.replaceAll(/\{([^{}|]*)\|[^{}]*\}/gu, '$1').replaceAll(/\{[^}]*\}|`[^`]*`/gu, '');
        return (
          (always ? /[A-Za-z]{2}/u.test(bare) : TWO_WORDS.test(bare)) &&
          (/\. |\.$/u.test(key) || !COMMAND.test(key)) &&
          !IGNORED.has(key)
        );
      })
  );
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('{', '\uE000').replaceAll('}', '\uE001');
}

/** @param {string} text */
function numbered(text) {
  let count = 0;
  return text
    .replaceAll('\u0000', () => `{${String((count += 1))}}`)
    .replaceAll('\uE000', '{{')
    .replaceAll('\uE001', '}}');
}

/** @param {Way[]} left @param {Way[]} right @returns {Way[]} */
function joined(left, right) {
  return left.flatMap((a) =>
    right
      .filter((b) => Object.entries(b.chosen).every(([name, value]) => (a.chosen[name] ?? value) === value))
      .map((b) => ({ text: a.text + b.text, chosen: { ...a.chosen, ...b.chosen } })),
  );
}

/** @param {ts.Node} node @returns {boolean} */
function holdsText(node) {
  if (ts.isBinaryExpression(node)) return holdsText(node.left) || holdsText(node.right);
  return ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node);
}

/** Where a text stands: the member or call that it is given to. @param {ts.Node} node @returns {'always' | 'never' | 'by-words'} */
function contextOf(node) {
  let at = node.parent;
  while (ts.isParenthesizedExpression(at)) at = at.parent;
  if (ts.isPropertyAccessExpression(at) && at.name.text === 'split') return 'never';
  // What a step came to; as a list it is words of a command line.
  if (ts.isPropertyAssignment(at) && at.name.getText() === 'words') return 'always';
  while (
    ts.isConditionalExpression(at) ||
    ts.isParenthesizedExpression(at) ||
    ts.isTemplateSpan(at) ||
    ts.isTemplateExpression(at) ||
    ts.isArrowFunction(at) ||
    (ts.isBinaryExpression(at) && !COMPARES.has(at.operatorToken.kind)) ||
    ts.isArrayLiteralExpression(at) ||
    ts.isAsExpression(at) ||
    ts.isSpreadElement(at)
  )
    at = at.parent;
  if (ts.isLiteralTypeNode(at) || ts.isBinaryExpression(at) || ts.isElementAccessExpression(at)) return 'never';
  if (ts.isVariableDeclaration(at) && WORD_LISTS.test(at.name.getText())) return 'always';
  if (ts.isPropertyAssignment(at)) {
    const name = at.name.getText();
    if (NEVER_MEMBERS.has(name)) return 'never';
    return ALWAYS.has(name) || isSpokenTable(at) ? 'always' : 'by-words';
  }
  if (ts.isCallExpression(at) && SPEAKS.test(at.expression.getText())) return 'always';
  if (ts.isCallExpression(at) || ts.isNewExpression(at))
    return NEVER_CALLS.test(at.expression.getText().replaceAll(/\s+/gu, '')) ? 'never' : 'by-words';
  return 'by-words';
}

/** A table of which every text is for people, also where it is one word. @param {ts.Node} node */
function isSpokenTable(node) {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent)
    if (ts.isVariableDeclaration(at)) return SPOKEN_TABLES.test(at.name.getText());
  return false;
}

/** Sentences that stand in data: what is known of a mirror, and what a patch does. @returns {{ key: string, place: string }[]} */
function sentencesOfData() {
  const catalogue = 'src/mirrors/catalogue/catalogue.json';
  const { mirrors } = /** @type {{ mirrors: { caveat?: string }[] }} */ (JSON.parse(readFileSync(catalogue, 'utf8')));
  const subjects = readdirSync('patches').flatMap((name) => {
    const [, subject] = /^subject: '(.*)'$/mu.exec(readFileSync(`patches/${name}`, 'utf8')) ?? [];
    return subject === undefined ? [] : [{ key: subject, place: `patches/${name}` }];
  });
  return [
    ...mirrors.flatMap(({ caveat }) => (caveat === undefined ? [] : [{ key: caveat, place: catalogue }])),
    ...subjects,
  ];
}

/** The sentences of all of src/ with their places, and the Chinese table with its files. */
export function readSentences() {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).map(
    (name) => `src/${name.replaceAll('\\', '/')}`,
  );
  const sentences = files
    .filter(hasSentences)
    .sort()
    .flatMap((file) => sentencesOf(file))
    .concat(sentencesOfData());
  const tables = files
    .filter((file) => file.startsWith(TABLES))
    .map((file) => ({ file, table: /** @type {Record<string, string>} */ (JSON.parse(readFileSync(file, 'utf8'))) }));
  return { sentences, tables };
}

const TABLES = 'src/ui/speech/zh/';

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { sentences, tables } = readSentences();
  const told = new Set(tables.flatMap(({ table }) => Object.keys(table)));
  const said = new Set(sentences.map(({ key }) => key));
  for (const { key, place } of sentences)
    if (!told.has(key)) console.log(`no Chinese: ${place}: ${JSON.stringify(key)}`);
  for (const key of told) if (!said.has(key)) console.log(`said nowhere: ${JSON.stringify(key)}`);
}
