import { setTimeout as sleep } from 'node:timers/promises';
import { splitOutput, type DockerApi } from './api.ts';

export interface ContainerSetup {
  readonly image: string;
  /** Arguments of the probe. */
  readonly cmd: readonly string[];
  readonly name?: string | undefined;
  /** Beside Image and Cmd. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  readonly host?: Readonly<Record<string, unknown>> | undefined;
}

export interface ContainerState {
  readonly Status: string;
  readonly Running: boolean;
  readonly Pid: number;
  readonly ExitCode: number;
  readonly Error: string;
}

export interface ContainerInspect {
  readonly Id: string;
  readonly State: ContainerState;
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string; readonly Gateway: string } | undefined>>;
  };
}

/** A container made and started; its id. Throws ApiError with the daemon's words. */
export async function startContainer(api: DockerApi, setup: ContainerSetup): Promise<string> {
  const { Id } = await api.json<{ Id: string }>({
    method: 'POST',
    path: `/containers/create${setup.name === undefined ? '' : `?name=${encodeURIComponent(setup.name)}`}`,
    body: { Image: setup.image, Cmd: setup.cmd, ...setup.config, HostConfig: setup.host ?? {} },
  });
  await api.json({ method: 'POST', path: `/containers/${Id}/start`, timeoutMs: 30_000 });
  return Id;
}

export async function inspectContainer(api: DockerApi, id: string): Promise<ContainerInspect> {
  return api.json<ContainerInspect>({ path: `/containers/${id}/json` });
}

export async function containerOutput(
  api: DockerApi,
  id: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return splitOutput((await api.send({ path: `/containers/${id}/logs?stdout=1&stderr=1` })).bytes);
}

/** Waits until its output holds a text; the output so far when the time is over. */
export async function outputWith(api: DockerApi, id: string, text: string, timeoutMs: number): Promise<string> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const { stdout } = await containerOutput(api, id);
    if (stdout.includes(text) || performance.now() > until) return stdout;
    await sleep(50);
  }
}

export async function removeContainer(api: DockerApi, id: string): Promise<void> {
  await api.json({ method: 'DELETE', path: `/containers/${id}?force=1&v=1` });
}

/** Runs the probe to its end: what it printed and its exit code. The container is removed. */
export async function runContainer(
  api: DockerApi,
  setup: ContainerSetup,
): Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }> {
  const id = await startContainer(api, setup);
  const { StatusCode } = await api.json<{ StatusCode: number }>({
    method: 'POST',
    path: `/containers/${id}/wait`,
    timeoutMs: 20_000,
  });
  const output = await containerOutput(api, id);
  await removeContainer(api, id);
  return { ...output, exitCode: StatusCode };
}
