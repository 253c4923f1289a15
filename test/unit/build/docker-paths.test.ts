import { expect, it } from 'vitest';
import { absoluteDockerPaths } from '../../../src/make/engine/docker-paths.ts';

it('folders of the docker client are those of where the user is, not of where make runs', () => {
  expect(absoluteDockerPaths({ DOCKER_CONFIG: 'mine', DOCKER_CERT_PATH: '../certs', PATH: 'x' }, '/home/me')).toEqual({
    DOCKER_CONFIG: '/home/me/mine',
    DOCKER_CERT_PATH: '/home/certs',
  });
  expect(absoluteDockerPaths({ DOCKER_CONFIG: '', DOCKER_CERT_PATH: '/certs' }, '/home/me')).toEqual({
    DOCKER_CERT_PATH: '/certs',
  });
});
