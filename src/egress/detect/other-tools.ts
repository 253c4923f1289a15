/**
 * Tools that fetch and that no kind of point stands for, each with what makes it fetch: one of its words. A call of one of them
 * is reported as unknown. Names and verbs: each tool's own manual.
 */
export const OTHER_TOOLS: ReadonlyMap<string, RegExp> = new Map(
  (
    [
      // Package managers of distributions.
      ['apk', /^(?:add|update|upgrade|fetch)$/],
      ['yum dnf microdnf tdnf', /^(?:install|update|upgrade|makecache|download|groupinstall|builddep)$/],
      ['zypper', /^(?:in|install|up|update|ref|refresh|addrepo|ar)$/],
      ['pacman', /^(?:-S|--sync)/],
      ['emerge xbps-install opkg', /./],
      ['add-apt-repository apt-add-repository extrepo mk-build-deps', /./],
      ['apt-fast nala apt-file', /^(?:update|install|upgrade|fetch|search)$/],
      ['debootstrap mmdebstrap pbuilder', /./],
      ['snap flatpak', /^(?:install|refresh|update)$/],
      ['nix nix-env nix-build nix-shell nix-channel', /./],
      ['brew', /^(?:install|update|upgrade|tap|fetch)$/],
      // Package managers of languages.
      ['npm', /^(?:install|i|ci|add|update|exec)$/],
      ['yarn', /^(?:install|add|global|dlx)$/],
      ['pnpm bun', /^(?:install|i|add|dlx|x|update|create)$/],
      ['npx bunx uvx', /./],
      ['corepack', /^(?:prepare|install|use|up)$/],
      ['deno', /^(?:run|install|cache|add)$/],
      ['uv', /^(?:pip|tool|sync|add|lock|run|python)$/],
      ['pipx', /^(?:install|run|inject|upgrade)$/],
      ['pip-sync', /./],
      ['poetry pdm hatch pipenv', /^(?:install|add|update|lock|sync|env)$/],
      ['easy_install', /./],
      ['conda mamba micromamba', /^(?:install|create|update|env)$/],
      ['gem', /^(?:install|update|fetch)$/],
      ['bundle bundler', /^(?:install|update|lock)$/],
      ['composer', /^(?:install|update|require|create-project)$/],
      ['cargo', /^(?:install|fetch|build|b|run|r|test|t|update|add|binstall|vendor)$/],
      ['rustup', /^(?:toolchain|target|component|update|default|install)$/],
      ['rustup-init cpan cpanm luarocks', /./],
      ['mvn mvnw gradle gradlew sbt lein bazel bazelisk', /./],
      ['dotnet', /^(?:restore|build|publish|test|run|tool|add)$/],
      ['stack cabal opam mix conan vcpkg', /^(?:install|update|build|setup|deps\.get|local\.hex|local\.rebar)$/],
      ['helm', /^(?:pull|install|repo|dependency|upgrade|plugin)$/],
      ['playwright', /^install/],
      ['asdf mise nvm fnm sdk', /^(?:install|use|plugin|add)$/],
      // Images.
      ['docker nerdctl podman buildah', /^(?:pull|run|build|buildx|compose|bud|from|push|login|create)$/],
      ['buildctl buildx', /^(?:build|bake|imagetools)$/],
      ['skopeo crane regctl oras img', /^(?:copy|cp|sync|pull|export|image|artifact|blob|manifest|digest|inspect)$/],
      ['ctr', /^(?:pull|fetch|image|images|i|content)$/],
      // Files.
      ['aria2c axel httpie xh ftp sftp lftp telnet nc ncat netcat socat lynx links w3m elinks', /./],
      ['svn', /^(?:co|checkout|export|up|update)$/],
      ['hg', /^(?:clone|pull)$/],
      ['bzr', /^(?:branch|checkout|get)$/],
      ['cvs', /^(?:co|checkout|update)$/],
      ['gh', /^(?:release|repo|api|run|extension|gist|attestation)$/],
      ['aws', /^(?:s3|s3api|ecr|codeartifact)$/],
      ['gsutil', /^(?:cp|rsync|cat|mv)$/],
      ['gcloud az', /./],
      ['ssh ssh-keyscan', /./],
      ['scp rsync', /^[^/:=-][^/:=]*:|^rsync:/],
      ['ping dig nslookup host ntpdate', /^[^-]/],
      ['openssl', /^s_client$/],
      ['gotip', /^download$/],
      // Runs whatever scripts a folder holds.
      ['run-parts', /^[^-]/],
      [
        'gpg gpg2 apt-key',
        /^--(?:recv-keys?|receive-keys|keyserver(?:=.*)?|search-keys|refresh-keys|fetch-keys|locate-keys|auto-key-locate)$/,
      ],
    ] as const
  ).flatMap(([names, verb]) => names.split(' ').map((name): [string, RegExp] => [name, verb])),
);

/** These fetch also when called without a word. */
export const FETCHING_ALONE: ReadonlySet<string> = new Set([
  'yarn',
  'bundle',
  'mvn',
  'gradle',
  'gradlew',
  'rustup-init',
]);
