import { isSourcesPath } from '../world/apt-sources.ts';
import type { Call, Site } from '../world/call.ts';
import { keepUrl, splitOptions, unknownCall } from '../world/call.ts';
import { resolvePath } from '../values/paths.ts';
import type { Value } from '../values/value.ts';

/** Options of curl whose value is the next word, as far as scripts use them. Rule: curl(1). */
const CURL = new Set(
  (
    '-o --output -H --header --proxy-header -d --data --data-ascii --data-raw --data-binary --data-urlencode --json --url-query -X --request --request-target -u --user ' +
    '--oauth2-bearer -A --user-agent -e --referer -b --cookie -c --cookie-jar -m --max-time --connect-timeout --expect100-timeout --keepalive-time --retry --retry-delay ' +
    '--retry-max-time --max-redirs --max-filesize -x --proxy --preproxy --proxy-user -U --noproxy --socks4 --socks4a --socks5 --socks5-hostname -w --write-out -T ' +
    '--upload-file -F --form --form-string -C --continue-at -E --cert --cert-type --key --key-type --pass --cacert --capath --crlfile --pinnedpubkey --hostpubmd5 --ciphers ' +
    '--tls13-ciphers --curves --tls-max --proto --proto-default --proto-redir -r --range -z --time-cond --resolve --connect-to --limit-rate --rate -y --speed-time -Y ' +
    '--speed-limit --output-dir --create-file-mode -K --config -D --dump-header --interface --local-port --dns-servers --doh-url --netrc-file --etag-save --etag-compare ' +
    '--hsts --alt-svc --trace --trace-ascii --stderr --unix-socket --abstract-unix-socket --aws-sigv4 --variable --parallel-max -Q --quote -t --telnet-option -P --ftp-port'
  ).split(' '),
);
/** The same for wget(1). */
const WGET = new Set(
  '-O --output-document -P --directory-prefix -o --output-file -a --append-output -t --tries -T --timeout -w --wait -U --user-agent --header -e --execute -B --base -D --domains -A --accept -R --reject -l --level -Q --quota --method --body-data --body-file --post-data --post-file --load-cookies --save-cookies --ca-certificate --ca-directory --certificate --private-key --max-redirect --limit-rate --user --password -i --input-file'.split(
    ' ',
  ),
);

/** curl and wget: one point for each URL. */
export function detectHttp(call: Call, site: Site): void {
  const { options, operands } = splitOptions(
    call.args.map(clustered(call.name)).flat(),
    call.name === 'curl' ? CURL : WGET,
  );
  const list = ['-K', '--config', '-i', '--input-file'].find((option) => options.has(option));
  if (list !== undefined && (call.name === 'wget' || /^-(?:K|-config)$/.test(list)))
    unknownCall(call, site, `its addresses stand in a file (${list})`);
  const output = (call.name === 'curl' ? ['-o', '--output'] : ['-O', '--output-document']).find((option) =>
    options.has(option),
  );
  const written = [...call.targets].flatMap(([{ operator }, target]) => (operator.startsWith('>') ? [target] : []));
  keepDownloads(call, site, output === undefined ? undefined : options.get(output), written);
  const given = options.get('--url');
  // `--url X`: X counts as an operand; `--url=X` is one word.
  for (const url of given === undefined || given.text === '--url' ? operands : [given, ...operands]) {
    // `curl example.com/x`: without a scheme curl takes http.
    const bare = url.choices?.every((choice) => /^[\w.-]+\.[a-z]{2,}(?:[/:].*)?$/i.test(choice)) === true;
    const whole = bare ? prefixed(url) : url;
    if (/^(?:file:|-$)/.test(url.text)) continue;
    keepUrl(call, site, whole, 'http', 'http-url', true);
  }
}

/** Where it is put: what it does when it is run, and what apt reads there, is not known. */
function keepDownloads(call: Call, site: Site, output: Value | undefined, written: readonly Value[]): void {
  const paths = [...(output === undefined ? [] : [output]), ...written].map(({ text }) =>
    resolvePath(call.state.cwd, text),
  );
  site.world.downloads = new Set([...site.world.downloads, ...paths]);
  const [first] = paths;
  if (output !== undefined && first !== undefined && isSourcesPath(first))
    unknownCall(call, site, `the list of sources put at ${first} is not known`);
}

function prefixed(url: Value): Value {
  return { ...url, text: `http://${url.text}`, choices: url.choices?.map((choice) => `http://${choice}`) ?? null };
}

/** `-sSLo file`: the last letter of a cluster may take the next word. */
function clustered(name: string): (arg: Value) => Value[] {
  const withValue = name === 'curl' ? CURL : WGET;
  return (arg) => {
    const last = `-${arg.text.at(-1) ?? ''}`;
    const isCluster = /^-[A-Za-z]{2,}$/.test(arg.text);
    const letters = arg.text.slice(1, -1).split('');
    return isCluster && withValue.has(last) && !letters.some((letter) => withValue.has(`-${letter}`))
      ? [{ ...arg, text: last }]
      : [arg];
  };
}
