import type { Call, Site } from './call.ts';
import { keepUrl, splitOptions } from './call.ts';
import type { Value } from './value.ts';

/** Options of curl whose value is the next word, as far as scripts use them. Rule: curl(1). */
const CURL = new Set(
  '-o --output -H --header -d --data --data-raw --data-binary --data-urlencode -X --request -u --user -A --user-agent -e --referer -b --cookie -c --cookie-jar -m --max-time --connect-timeout --retry --retry-delay --retry-max-time -x --proxy -w --write-out -T --upload-file -F --form -C --continue-at -E --cert --key --cacert --capath -r --range -z --time-cond --resolve --limit-rate --output-dir -K --config -D --dump-header --interface --ciphers'.split(
    ' ',
  ),
);
/** The same for wget(1). */
const WGET = new Set(
  '-O --output-document -P --directory-prefix -o --output-file -a --append-output -t --tries -T --timeout -w --wait -U --user-agent --header -e --execute -B --base --limit-rate --user --password -i --input-file'.split(
    ' ',
  ),
);

/** curl and wget: one point for each URL. */
export function detectHttp(call: Call, site: Site): void {
  const { options, operands } = splitOptions(
    call.args.map(clustered(call.name)).flat(),
    call.name === 'curl' ? CURL : WGET,
  );
  const given = options.get('--url');
  for (const url of given === undefined ? operands : [given, ...operands]) {
    // `curl example.com/x`: without a scheme curl takes http.
    const bare = url.choices?.every((choice) => /^[\w.-]+\.[a-z]{2,}(?:[/:].*)?$/i.test(choice)) === true;
    const whole = bare ? prefixed(url) : url;
    if (/^(?:file:|-$)/.test(url.text)) continue;
    keepUrl(call, site, whole, 'http', 'http-url', true);
  }
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
