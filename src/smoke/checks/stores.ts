import { existsSync, readFileSync } from 'node:fs';
import { expectThat, type Check } from './check.ts';
import { runContainer } from '../daemon/container.ts';
import { IMAGE } from '../daemon/probe-image.ts';

const VOLUME = 'moby-build-smoke';

interface ImageSummary {
  readonly Id: string;
  readonly RepoTags: string[] | null;
}

/** Volume and image service. */
export const STORE_CHECKS: readonly Check[] = [
  {
    id: 'image-import',
    title: 'an image is imported and listed',
    needs: ['image'],
    timeoutSeconds: 60,
    run: async (context) => {
      const { api } = await context.main();
      const id = await context.image();
      const listed = await api.json<ImageSummary[]>({ path: '/images/json' });
      expectThat(
        listed.some((image) => image.Id === id && image.RepoTags?.includes(IMAGE) === true),
        `${IMAGE} in the list`,
        JSON.stringify(listed.map((image) => image.RepoTags)),
      );
      return `${IMAGE} ${id.slice(0, 19)}`;
    },
  },
  {
    id: 'volume',
    title: 'a volume is made, mounted, and removed',
    needs: ['main', 'image'],
    programs: ['runc'],
    container: true,
    timeoutSeconds: 60,
    run: async (context) => {
      const { api } = await context.main();
      const sandbox = await context.sandbox();
      const { Mountpoint } = await api.json<{ Mountpoint: string }>({
        method: 'POST',
        path: '/volumes/create',
        body: { Name: VOLUME },
      });
      const place = sandbox.path(Mountpoint);
      expectThat(existsSync(place), `a directory ${Mountpoint}`, 'nothing');
      const { exitCode } = await runContainer(api, {
        image: IMAGE,
        cmd: ['w/data/made'],
        host: { Binds: [`${VOLUME}:/data`] },
      });
      expectThat(exitCode === 0, 'a container that writes into it', `exit code ${String(exitCode)}`);
      const written = existsSync(`${place}/made`) ? readFileSync(`${place}/made`, 'utf8') : 'nothing';
      expectThat(written === '/data/made', 'what the container wrote', `“${written.slice(0, 40)}”`);
      await api.json({ method: 'DELETE', path: `/volumes/${VOLUME}` });
      expectThat(!existsSync(place), 'its directory gone after removal', 'still there');
      return 'written by a container, read outside, removed';
    },
  },
];

/** Comes after everything that uses the image. */
export const IMAGE_REMOVE_CHECK: Check = {
  id: 'image-remove',
  title: 'the image is removed',
  needs: ['main', 'image'],
  timeoutSeconds: 60,
  run: async (context) => {
    const { api } = await context.main();
    await api.json({ method: 'DELETE', path: `/images/${IMAGE}?force=1` });
    const answer = await api.send({ path: `/images/${IMAGE}/json` });
    expectThat(answer.status === 404, 'no such image after removal', `status ${String(answer.status)}`);
    const listed = await api.json<ImageSummary[]>({ path: '/images/json?all=1' });
    expectThat(listed.length === 0, 'an empty list', `${String(listed.length)} images`);
    return 'gone from the list';
  },
};
