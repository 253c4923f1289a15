/**
 * The scripts that a package runs. They make the group of docker.socket (`SocketGroup=docker`) and let systemd read the units again; they
 * start, stop, enable and disable nothing. The group and /var/lib/docker stay when the package goes: files of users belong to them.
 */
const RELOAD = `if [ -d /run/systemd/system ]; then
    systemctl daemon-reload || true
fi`;
const GROUP = `if ! getent group docker >/dev/null; then
    groupadd --system docker
fi`;

/** For deb: dpkg says why it calls (deb-postinst(5), deb-postrm(5)). */
export const POSTINST = `#!/bin/sh
set -e
if [ "$1" = configure ]; then
${indented(GROUP)}
${indented(RELOAD)}
fi
`;
export const POSTRM = `#!/bin/sh
set -e
if [ "$1" = remove ]; then
${indented(RELOAD)}
fi
`;
/** For rpm, where each scriptlet has its own time. */
export const RPM_POST = `${GROUP}\n${RELOAD}\n`;
export const RPM_POSTUN = `${RELOAD}\n`;

function indented(text: string): string {
  return text.replace(/^/gmu, '    ');
}
