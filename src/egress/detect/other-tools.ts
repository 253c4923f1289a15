/** What one tool does with which words. */
interface OtherTool {
  /** It fetches where one of its words is such a one. */
  readonly fetches: RegExp;
  /** It certainly fetches nothing where its first word or operand is such a one; of all others that is not known. */
  readonly quiet: RegExp;
}

const NOTHING = /(?!)/;
const ANYTHING = /(?:)/;

/**
 * Tools that fetch and that no kind of point stands for, each with what makes it fetch and what does not. A call that may fetch
 * is reported as unknown. Names and verbs: each tool's own manual.
 */
export const OTHER_TOOLS: ReadonlyMap<string, OtherTool> = new Map(
  (
    [
      // Package managers of distributions.
      ['apk', /^(?:add|update|upgrade|fetch)$/, /^(?:del|info|list|audit|policy|stats)$/],
      ['yum dnf microdnf tdnf', /^(?:install|update|upgrade|makecache|download|groupinstall|builddep)$/, /^(?:remove|erase|autoremove|clean|history|mark)$/],
      ['zypper', /^(?:in|install|up|update|ref|refresh|addrepo|ar)$/, /^(?:rm|remove|clean|cc|locks|repos|lr)$/],
      ['pacman', /^(?:-S|--sync)/, /^-(?:[QRDT]|-query|-remove|-database|-deptest)/],
      ['emerge xbps-install opkg', /./, NOTHING],
      ['add-apt-repository apt-add-repository extrepo mk-build-deps', /./, NOTHING],
      ['apt-fast nala apt-file', /^(?:update|install|upgrade|fetch|search)$/, /^(?:remove|purge|autoremove|clean|autoclean|list|show)$/],
      ['debootstrap mmdebstrap pbuilder', /./, NOTHING],
      ['snap flatpak', /^(?:install|refresh|update)$/, /^(?:list|remove|uninstall)$/],
      ['nix nix-env nix-build nix-shell nix-channel', /./, NOTHING],
      ['brew', /^(?:install|update|upgrade|tap|fetch)$/, /^(?:list|uninstall|remove|cleanup|config|--prefix|--cellar)$/],
      // Package managers of languages.
      ['npm', /^(?:install|i|ci|add|update|exec|run|test|start)$/, /^(?:ls|list|config|root|prefix|bin|cache|prune|uninstall|rm|pkg)$/],
      ['yarn', /^(?:install|add|global|dlx)$/, /^(?:config|list|remove|cache|why)$/],
      ['pnpm bun', /^(?:install|i|add|dlx|x|update|create)$/, /^(?:config|list|ls|remove|why|store)$/],
      ['npx bunx uvx', /./, NOTHING],
      ['corepack', /^(?:prepare|install|use|up)$/, /^(?:enable|disable|cache)$/],
      ['deno', /^(?:run|install|cache|add)$/, /^(?:fmt|lint|uninstall)$/],
      ['uv', /^(?:pip|tool|sync|add|lock|run|python)$/, /^cache$/],
      ['pipx', /^(?:install|run|inject|upgrade)$/, /^(?:list|uninstall|ensurepath)$/],
      ['pip-sync', /./, NOTHING],
      ['poetry pdm hatch pipenv', /^(?:install|add|update|lock|sync|env)$/, /^(?:config|show|check|init|new)$/],
      ['easy_install', /./, NOTHING],
      ['conda mamba micromamba', /^(?:install|create|update|env)$/, /^(?:list|clean|config|info|activate|deactivate|init)$/],
      ['gem', /^(?:install|update|fetch)$/, /^(?:list|uninstall|cleanup|env|environment|contents|build|specification)$/],
      ['bundle bundler', /^(?:install|update|lock)$/, /^(?:config|show|list|check|info|clean)$/],
      ['composer', /^(?:install|update|require|create-project)$/, /^(?:dump-autoload|dumpautoload|show|config|validate)$/],
      ['cargo', /^(?:install|fetch|build|b|run|r|test|t|update|add|binstall|vendor)$/, /^(?:fmt|clean|new|init|uninstall|locate-project)$/],
      ['rustup', /^(?:toolchain|target|component|update|default|install)$/, /^(?:show|which|override|set)$/],
      ['rustup-init cpan cpanm luarocks', /./, NOTHING],
      ['mvn mvnw gradle gradlew sbt lein bazel bazelisk', /./, NOTHING],
      ['dotnet', /^(?:restore|build|publish|test|run|tool|add)$/, /^(?:clean|--info|--list-sdks|--list-runtimes)$/],
      ['stack cabal opam mix conan vcpkg', /^(?:install|update|build|setup|deps\.get|local\.hex|local\.rebar)$/, /^(?:clean|path|list|show)$/],
      ['helm', /^(?:pull|install|repo|dependency|upgrade|plugin)$/, /^(?:lint|package|env|template)$/],
      ['playwright', /^install/, NOTHING],
      ['nuget paket bower pixi sdkmanager', /^(?:install|restore|update|add|sync)$/, /^(?:list|config|clean|remove|info)$/],
      ['asdf mise nvm fnm sdk', /^(?:install|use|plugin|add)$/, /^(?:current|list|ls|which|where|reshim|local|global)$/],
      // Images.
      ['docker nerdctl podman buildah', /^(?:pull|run|build|buildx|compose|bud|from|push|login|create)$/, /^(?:info|images|ps|rm|rmi|tag|save|load|logs|stop|kill|inspect|export|history|diff|port|top|wait)$/],
      ['buildctl buildx', /^(?:build|bake|imagetools)$/, /^(?:du|prune|ls|rm|use|inspect)$/],
      ['skopeo crane regctl oras img', /^(?:copy|cp|sync|pull|export|image|artifact|blob|manifest|digest|inspect)$/, NOTHING],
      ['ctr', /^(?:pull|fetch|image|images|i|content)$/, /^(?:containers|container|c|tasks|task|t|namespaces|ns|snapshots|leases|plugins)$/],
      // Files.
      ['aria2c axel httpie xh ftp sftp lftp telnet nc ncat netcat socat lynx links w3m elinks', /./, NOTHING],
      ['svn', /^(?:co|checkout|export|up|update)$/, /^(?:status|st|stat|revert|add|cleanup|upgrade)$/],
      ['hg', /^(?:clone|pull)$/, /^(?:status|st|log|id|identify|update|up|init|add|commit|parents|summary|root|archive|revert|branch|branches|tags)$/],
      ['bzr', /^(?:branch|checkout|get)$/, /^(?:status|log|revno|version-info)$/],
      ['cvs', /^(?:co|checkout|update)$/, NOTHING],
      ['gh', /^(?:release|repo|api|run|extension|gist|attestation)$/, /^(?:config|alias)$/],
      ['aws', /^(?:s3|s3api|ecr|codeartifact)$/, /^configure$/],
      ['gsutil', /^(?:cp|rsync|cat|mv)$/, NOTHING],
      ['gcloud az azcopy s3cmd rclone yt-dlp youtube-dl', /./, NOTHING],
      ['mc', /^(?:cp|mirror|cat|get|pipe)$/, /^(?:alias|--version)$/],
      ['kubectl vault consul ansible ansible-playbook ansible-galaxy', /./, NOTHING],
      ['terraform tofu packer vagrant', /^(?:init|get|apply|plan|build|up|box|plugins|providers)$/, /^(?:fmt|validate|version|inspect)$/],
      ['git-lfs jj repo west', /./, NOTHING],
      ['ssh ssh-keyscan', /./, NOTHING],
      ['scp rsync', /^[^/:=-][^/:=]*:|^rsync:|^\$/, ANYTHING],
      ['ping dig nslookup host ntpdate', /^[^-]/, ANYTHING],
      ['openssl', /^s_client$/, ANYTHING],
      ['gotip', /^download$/, NOTHING],
      // Runs whatever scripts a folder holds.
      ['run-parts', /^[^-]/, ANYTHING],
      [
        'gpg gpg2 apt-key',
        /^--(?:recv-keys?|receive-keys|keyserver(?:=.*)?|search-keys|refresh-keys|fetch-keys|locate-keys|auto-key-locate)$/,
        ANYTHING,
      ],
    ] as const
  ).flatMap(([names, fetches, quiet]) => names.split(' ').map((name): [string, OtherTool] => [name, { fetches, quiet }])),
); // prettier-ignore

/** These fetch also when called without a word. */
const FETCHING_ALONE: ReadonlySet<string> = new Set(['yarn', 'bundle', 'mvn', 'gradle', 'gradlew', 'rustup-init']);
/** All of them know these. */
const ASKS_TOOL = /^(?:-[hvV]|--?version|--?help|version|help|completions?)$/;

/** Whether a tool may fetch with these words; null: it is none of these. In: its name, and its words with the way they are written. */
export function mayFetch(
  name: string,
  words: readonly { readonly text: string; readonly isKnown: boolean }[],
): boolean | null {
  // xx's wrappers take what the tool takes: xx-apk, xx-cargo.
  const own = name.replace(/^xx-/, '');
  const tool = OTHER_TOOLS.get(own);
  if (tool === undefined) return null;
  const [first] = words;
  if (first === undefined) return FETCHING_ALONE.has(own);
  if (words.some(({ text }) => tool.fetches.test(text))) return true;
  const operand = words.find(({ text }) => !text.startsWith('-'));
  if (operand === undefined) return !words.every(({ text }) => ASKS_TOOL.test(text) || tool.quiet.test(text));
  const isQuiet = operand.isKnown && (ASKS_TOOL.test(operand.text) || tool.quiet.test(operand.text));
  return !isQuiet && !(first.text.startsWith('-') && tool.quiet.test(first.text));
}
