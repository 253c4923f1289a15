/**
 * The scripts that a package runs. They make the group of docker.socket (`SocketGroup=docker`), let systemd read the units again, and
 * register the SysV script with all runlevels off; they start, stop, enable and disable nothing. The group and /var/lib/docker stay when the
 * package goes: files of users belong to them.
 */
const RELOAD = `if [ -d /run/systemd/system ]; then
    systemctl daemon-reload || true
fi`;
const GROUP = `if ! getent group docker >/dev/null; then
    groupadd --system docker
fi`;

/**
 * Debian Policy 9.3.3.1: a script in /etc/init.d is registered by update-rc.d, and with `defaults-disabled` where its daemon does not start by
 * itself. Links that are there already stay as the administrator has them (update-rc.d(8)). With systemd the unit of the same name counts.
 */
const REGISTER = `if [ -x /etc/init.d/docker ]; then
    update-rc.d docker defaults-disabled >/dev/null
fi`;
const UNREGISTER = 'update-rc.d docker remove >/dev/null';

/** For deb: dpkg says why it calls (deb-postinst(5), deb-postrm(5)). */
export const POSTINST = `#!/bin/sh
set -e
if [ "$1" = configure ]; then
${indented(GROUP)}
${indented(REGISTER)}
${indented(RELOAD)}
fi
`;
export const POSTRM = `#!/bin/sh
set -e
if [ "$1" = remove ]; then
${indented(RELOAD)}
fi
if [ "$1" = purge ]; then
${indented(UNREGISTER)}
fi
`;

/** Where chkconfig counts: with systemd the unit does, and chkconfig would hand the call on to it. */
const BY_CHKCONFIG =
  '[ -x /etc/rc.d/init.d/docker ] && command -v chkconfig >/dev/null && ! command -v systemctl >/dev/null';
/**
 * chkconfig(8) reads the runlevels of the script itself, so a script that it has just added is on, and is turned off. `$1` is 1 for the first
 * package of the name, and 0 after the last (rpm, manual/scriptlet_expansion).
 */
const RPM_REGISTER = `if [ "$1" = 1 ] && ${BY_CHKCONFIG}; then
    chkconfig --add docker
    chkconfig docker off
fi`;
const RPM_UNREGISTER = `if [ "$1" = 0 ] && ${BY_CHKCONFIG}; then
    chkconfig --del docker
fi`;

/** For rpm, where each scriptlet has its own time; the script has to be there when it is taken from the runlevels. */
export const RPM_POST = `${GROUP}\n${RPM_REGISTER}\n${RELOAD}\n`;
export const RPM_PREUN = `${RPM_UNREGISTER}\n`;
export const RPM_POSTUN = `${RELOAD}\n`;

function indented(text: string): string {
  return text.replace(/^/gmu, '    ');
}
