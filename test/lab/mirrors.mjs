// @ts-check
/**
 * The names that the lab answers under, and in which way each serves. Which of them a lab answers is
 * chosen at its start; every other name does not resolve in it.
 *
 * - `debian`: /debian and /debian-security; `archive`: /debian-archive/debian and …/debian-security
 * - `git-prefix`: https://HOST/https://github.com/OWNER/REPO.git
 * - `git-swap`: https://HOST/OWNER/REPO.git; `git-path`: https://HOST/github.com/OWNER/REPO.git
 * - `go`: a module proxy at the root; `go-path`: one under /goproxy/; `sumdb`: a checksum database
 * - `image`: a registry
 * @typedef {'debian' | 'archive' | 'git-prefix' | 'git-swap' | 'git-path' | 'go' | 'go-path' | 'sumdb' | 'image'} MirrorStyle
 * @typedef {Record<string, MirrorStyle[]>} MirrorTable
 */

/** What the recipe of 2022 names, as it served in 2022. @type {MirrorTable} */
export const recipeMirrors = {
  'mirrors.163.com': ['debian', 'archive'],
  'ghproxy.com': ['git-prefix'],
  'goproxy.cn': ['go'],
};

/** What serves today by the fact files; goproxy.cn is in both tables. @type {MirrorTable} */
export const todaysMirrors = {
  'mirrors.aliyun.com': ['debian', 'archive', 'go-path'],
  'mirrors.tencent.com': ['debian', 'archive'],
  'mirrors.nju.edu.cn': ['debian', 'archive'],
  'mirrors.tuna.tsinghua.edu.cn': ['debian'],
  'mirrors.ustc.edu.cn': ['debian'],
  'mirrors.huaweicloud.com': ['debian'],
  'ghfast.top': ['git-prefix'],
  'hk.gh-proxy.org': ['git-prefix'],
  'wget.la': ['git-prefix'],
  'githubfast.com': ['git-swap'],
  'gitclone.com': ['git-path'],
  'goproxy.cn': ['go'],
  'goproxy.io': ['go'],
  'sum.golang.google.cn': ['sumdb'],
  'docker.m.daocloud.io': ['image'],
  'docker.1ms.run': ['image'],
  'dockerproxy.net': ['image'],
  'docker.1panel.live': ['image'],
};

/** @type {MirrorTable} */
export const allMirrors = { ...recipeMirrors, ...todaysMirrors };

/**
 * Which suite of the machine's Debian source stands behind which name. A suite under another name is
 * signed anew by the lab, for its Release file says the new name; a suite under its own name goes
 * through as it came. As with the real mirrors, an archived suite is found under the archive path only,
 * and its Valid-Until is long past.
 * @typedef {{normal: Record<string, string>, archive: Record<string, string>}} SuiteMap
 */

/** @type {SuiteMap} */
export const bookwormSuites = {
  normal: {
    bookworm: 'bookworm',
    'bookworm-updates': 'bookworm-updates',
    'bookworm-backports': 'bookworm-backports',
    'bookworm-security': 'bookworm-security',
    bullseye: 'bookworm',
    'bullseye-updates': 'bookworm-updates',
    'bullseye-security': 'bookworm-security',
  },
  archive: {
    buster: 'bookworm',
    'buster-updates': 'bookworm-updates',
    // Not bookworm-backports: that one has no libseccomp to pin.
    'buster-backports': 'bookworm',
    'buster/updates': 'bookworm-security',
  },
};

/** In the other lab everything is trixie: the golang image of 26.1.5 takes it for bookworm. @type {SuiteMap} */
export const trixieSuites = {
  normal: {
    trixie: 'trixie',
    'trixie-updates': 'trixie-updates',
    'trixie-security': 'trixie-security',
    bookworm: 'trixie',
    'bookworm-updates': 'trixie-updates',
    'bookworm-security': 'trixie-security',
  },
  archive: {},
};
