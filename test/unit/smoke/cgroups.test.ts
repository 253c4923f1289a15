import { describe, expect, test } from 'vitest';
import { parseCgroupMounts } from '../../../src/system/process/cgroups.ts';

describe('control group mounts', () => {
  test.each([
    { title: 'no cgroup at all', text: '21 1 8:1 / / rw - ext4 /dev/sda rw\n', found: [] },
    {
      title: 'v2 alone',
      text: '31 24 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n',
      found: [{ version: 2, mountPoint: '/sys/fs/cgroup', controllers: '' }],
    },
    {
      title: 'v1 and a hybrid v2, with optional fields and release agent',
      text: `30 24 0:31 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
31 24 0:32 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 master:1 - cgroup cgroup rw,cpu,cpuacct
32 24 0:33 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/lib/systemd/agent,name=systemd
33 24 0:34 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
`,
      found: [
        { version: 1, mountPoint: '/sys/fs/cgroup/memory', controllers: 'memory' },
        { version: 1, mountPoint: '/sys/fs/cgroup/cpu,cpuacct', controllers: 'cpu,cpuacct' },
        { version: 1, mountPoint: '/sys/fs/cgroup/systemd', controllers: 'name=systemd' },
        { version: 2, mountPoint: '/sys/fs/cgroup/unified', controllers: '' },
      ],
    },
    {
      title: 'one hierarchy mounted twice counts once, where it comes first',
      text: '30 24 0:31 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n40 24 0:31 / /mnt/pids rw - cgroup cgroup rw,pids\n',
      found: [{ version: 1, mountPoint: '/sys/fs/cgroup/pids', controllers: 'pids' }],
    },
    {
      title: 'a mount point with a space',
      text: '30 24 0:31 / /mnt/my\\040groups rw - cgroup2 none rw\n',
      found: [{ version: 2, mountPoint: '/mnt/my groups', controllers: '' }],
    },
  ])('$title', ({ text, found }) => {
    expect(parseCgroupMounts(text)).toEqual(found);
  });
});
