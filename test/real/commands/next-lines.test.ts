import { afterAll, describe, expect, it } from 'vitest';
import { ofTree, Stage } from './stage.ts';

const stage = new Stage();
afterAll(() => {
  stage.remove();
});

describe('the next command', { timeout: 120_000 }, () => {
  it.each([
    ['29.7.2', 'docker-v29.7.2'],
    ['v29.7.2', 'docker-v29.7.2'],
    ['docker-29.7.2', 'docker-v29.7.2'],
    ['V20.10.12', 'v20.10.12'],
    ['v20.10', 'v20.10.27'],
  ])('of --ref %s is the same line with %s', async (ref, meant) => {
    const line = ['patch', '--profile=cn', '--ref', ref, '--no-probe', '--out', "it's here"];
    const { status, stderr } = await stage.run(line);
    expect(status, stderr).toBe(2);
    expect(stderr).toContain(`next: moby-build patch --profile=cn --no-probe --out 'it'\\''s here' --ref ${meant}\n`);
    const json = await stage.run([...line, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { command: `moby-build patch --profile=cn --no-probe --out 'it'\\''s here' --json --ref ${meant}` },
    });
  });

  it.each([['audit'], ['patch'], ['build'], ['mirrors', 'probe']])(
    'of %s without git installs it as this distribution does',
    async (...command) => {
      const line = [...command, '--ref', 'v20.10.12', '--profile', 'direct', '--no-probe'];
      const words = command[0] === 'mirrors' ? line.slice(0, -1) : line;
      const { status, stderr } = await stage.run(words, { PATH: stage.bin });
      expect(status, stderr).toBe(3);
      expect(stderr).toMatch(/next: (?:\S.* )?(?:apt-get|dnf|apk|zypper|pacman) .*\bgit\b/u);
      expect(stderr).not.toContain('doctor');
    },
  );

  it('is there with the options of a dry run that is refused, before anything is shown', async () => {
    const { stderr } = await stage.run(['build', ...ofTree(stage), '--lock', stage.dir, '--dry-run']);
    expect(stderr).toContain('cannot be read');
    expect(stderr).not.toContain('planning');
  });
});
