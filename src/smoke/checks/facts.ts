import { unameOf } from '../../cpus.ts';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { expectThat, type Check } from './check.ts';
import { runContainer } from '../daemon/container.ts';
import { INSECURE_NETWORK, REGISTRY_MIRROR } from '../daemon/main-daemon.ts';
import { IMAGE } from '../daemon/probe-image.ts';
import { OUTSIDE_MTU, SCRIPT_RUNTIME } from '../daemon/second-daemon.ts';

interface Info {
  readonly ID: string;
  readonly Driver: string;
  readonly DockerRootDir: string;
  readonly KernelVersion: string;
  readonly OSType: string;
  readonly OperatingSystem: string;
  readonly Architecture: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly CgroupVersion?: string;
  readonly CgroupDriver: string;
  readonly DefaultRuntime: string;
  readonly Runtimes: Readonly<Record<string, unknown>>;
  readonly Plugins: {
    readonly Volume: string[] | null;
    readonly Network: string[] | null;
    readonly Log: string[] | null;
  };
  readonly RegistryConfig: {
    readonly Mirrors: string[] | null;
    readonly InsecureRegistryCIDRs: string[];
    readonly IndexConfigs: Readonly<Record<string, { Official: boolean } | undefined>>;
  };
  readonly IndexServerAddress: string;
}

interface NetworkInspect {
  readonly Options: Readonly<Record<string, string>> | null;
  readonly IPAM: { readonly Config: { readonly Subnet?: string }[] | null };
}

const MTU_OPTION = 'com.docker.network.driver.mtu';

/** Building the daemon object (daemon/daemon.go, NewDaemon): what can be read of it afterwards, in /info and below the data root. */
export const FACT_CHECKS: readonly Check[] = [
  {
    id: 'mtu-default',
    title: 'the default bridge has MTU 1500',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const bridge = await (await context.main()).api.json<NetworkInspect>({ path: '/networks/bridge' });
      const mtu = bridge.Options?.[MTU_OPTION];
      // 19.03 to 29 write the default down in the network's options.
      expectThat(mtu === '1500', 'MTU 1500', `MTU ${String(mtu)}`);
      const path = (await context.sandbox()).path('/sys/class/net/docker0/mtu');
      const kernel = existsSync(path) ? readFileSync(path, 'utf8').trim() : 'no docker0';
      expectThat(kernel === '1500', 'docker0 with MTU 1500', kernel);
      return 'docker0 1500';
    },
  },
  {
    id: 'mtu-flag',
    title: `--mtu=${String(OUTSIDE_MTU)} reaches a container`,
    needs: ['second'],
    programs: ['runc'],
    container: true,
    timeoutSeconds: 90,
    run: async (context) => {
      const { api } = (await context.second()).daemon;
      const bridge = await api.json<NetworkInspect>({ path: '/networks/bridge' });
      expectThat(
        bridge.Options?.[MTU_OPTION] === String(OUTSIDE_MTU),
        `MTU ${String(OUTSIDE_MTU)}`,
        `MTU ${String(bridge.Options?.[MTU_OPTION])}`,
      );
      await context.importImage(api);
      const { stdout } = await runContainer(api, { image: IMAGE, cmd: ['c/sys/class/net/eth0/mtu'] });
      expectThat(
        stdout.trim() === String(OUTSIDE_MTU),
        `eth0 in a container with MTU ${String(OUTSIDE_MTU)}`,
        `“${stdout.trim()}”`,
      );
      return `bridge and eth0 of a container ${String(OUTSIDE_MTU)}`;
    },
  },
  {
    id: 'registry',
    title: 'registry settings are in /info',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const info = await (await context.main()).api.json<Info>({ path: '/info' });
      const { Mirrors, InsecureRegistryCIDRs, IndexConfigs } = info.RegistryConfig;
      expectThat(Mirrors?.includes(REGISTRY_MIRROR) === true, `mirror ${REGISTRY_MIRROR}`, String(Mirrors));
      expectThat(
        InsecureRegistryCIDRs.includes(INSECURE_NETWORK) && InsecureRegistryCIDRs.includes('127.0.0.0/8'),
        `${INSECURE_NETWORK} and 127.0.0.0/8 without TLS`,
        InsecureRegistryCIDRs.join(', '),
      );
      expectThat(
        IndexConfigs['docker.io']?.Official === true,
        'docker.io as the official index',
        JSON.stringify(IndexConfigs),
      );
      return `docker.io official; mirror and ${INSECURE_NETWORK} as given`;
    },
  },
  {
    id: 'api-info',
    title: 'kernel and platform facts in /info are this machine’s',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const daemon = await context.main();
      const info = await daemon.api.json<Info>({ path: '/info' });
      const v2 = existsSync('/sys/fs/cgroup/cgroup.controllers');
      const wanted: readonly (readonly [string, unknown, unknown])[] = [
        ['KernelVersion', info.KernelVersion, release()],
        ['OSType', info.OSType, 'linux'],
        ['Architecture', info.Architecture, context.facts.foreign ? info.Architecture : unameOf(context.facts.arch)],
        ['NCPU', info.NCPU, cpus().length],
        ['DockerRootDir', info.DockerRootDir, daemon.places.data],
        ...(context.series().cgroupVersion ? [['CgroupVersion', info.CgroupVersion, v2 ? '2' : '1'] as const] : []),
      ];
      for (const [name, seen, expected] of wanted)
        expectThat(seen === expected, `${name} ${String(expected)}`, String(seen));
      expectThat(
        Math.abs(info.MemTotal - totalmem()) < 0.02 * totalmem(),
        `MemTotal ${String(totalmem())}`,
        String(info.MemTotal),
      );
      expectThat(info.ID !== '' && info.OperatingSystem !== '', 'an ID and an operating system', 'empty ones');
      return `Linux ${info.KernelVersion} ${info.Architecture}, ${String(info.NCPU)} CPUs, cgroup v${info.CgroupVersion ?? '?'} by ${info.CgroupDriver}`;
    },
  },
  {
    id: 'containers-dir',
    title: '`containers/` below the data root',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const { data } = (await context.main()).places;
      const found = statSync((await context.sandbox()).path(`${data}/containers`), { throwIfNoEntry: false });
      expectThat(
        found?.isDirectory() === true && (found.mode & 0o066) === 0,
        'a directory closed to others',
        found === undefined ? 'nothing' : `mode ${(found.mode & 0o777).toString(8)}`,
      );
      return `mode ${(found.mode & 0o777).toString(8)}`;
    },
  },
  {
    id: 'runtimes',
    title: 'runc is the default runtime; `runtimes/` is there, and empty',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const daemon = await context.main();
      const info = await daemon.api.json<Info>({ path: '/info' });
      expectThat(info.DefaultRuntime === 'runc', 'default runtime runc', `“${info.DefaultRuntime}”`);
      const names = Object.keys(info.Runtimes);
      const missing = context.series().runtimes.filter((name) => !names.includes(name));
      expectThat(missing.length === 0, `runtimes ${context.series().runtimes.join(', ')}`, names.join(', '));
      const path = (await context.sandbox()).path(`${daemon.places.data}/runtimes`);
      const scripts = existsSync(path) ? readdirSync(path) : null;
      expectThat(
        scripts?.length === 0,
        '`runtimes/` empty',
        scripts === null ? 'no such directory' : scripts.join(', '),
      );
      return names.join(', ');
    },
  },
  {
    id: 'runtimes-script',
    title: 'a runtime with arguments gets its script in `runtimes/`',
    needs: ['second'],
    timeoutSeconds: 80,
    run: async (context) => {
      const { daemon } = await context.second();
      const info = await daemon.api.json<Info>({ path: '/info' });
      expectThat(
        SCRIPT_RUNTIME in info.Runtimes,
        'the runtime of the configuration file',
        Object.keys(info.Runtimes).join(', '),
      );
      const path = (await context.secondSandbox()).path(`${daemon.places.data}/runtimes`);
      // One script by its name, and since 25 with a digest behind it (daemon/runtime_unix.go, wrapRuntime).
      const scripts = existsSync(path) ? readdirSync(path, { recursive: true }).map(String) : [];
      const script = scripts.find((name) => name.startsWith(SCRIPT_RUNTIME));
      expectThat(script !== undefined, `a script ${SCRIPT_RUNTIME}`, scripts.join(', ') || 'none');
      const text = readFileSync(`${path}/${script}`, 'utf8');
      expectThat(/runc["']?\s+--debug/.test(text), 'runc --debug in it', text);
      return `runtimes/${script}`;
    },
  },
  {
    id: 'plugins',
    title: 'built-in plugins are listed, and no others',
    needs: ['main'],
    timeoutSeconds: 60,
    run: async (context) => {
      const { api } = await context.main();
      const { Plugins } = await api.json<Info>({ path: '/info' });
      for (const [kind, name] of [
        ['Volume', 'local'],
        ['Network', 'bridge'],
        ['Network', 'host'],
        ['Log', 'json-file'],
      ] as const) {
        expectThat(Plugins[kind]?.includes(name) === true, `${kind} plugin ${name}`, String(Plugins[kind]));
      }
      const managed = await api.json<unknown[]>({ path: '/plugins' });
      expectThat(
        Array.isArray(managed) && managed.length === 0,
        'no managed plugin',
        JSON.stringify(managed).slice(0, 120),
      );
      return `volume ${String(Plugins.Volume)}; network ${String(Plugins.Network)}; ${String(Plugins.Log?.length)} log drivers`;
    },
  },
  {
    id: 'log-level',
    title: 'the log level is honoured',
    needs: ['main', 'second'],
    timeoutSeconds: 80,
    run: async (context) => {
      const count = (lines: readonly string[], level: string): number =>
        lines.filter((line) => line.includes(`level=${level}`)).length;
      const loud = (await context.main()).lines;
      const quiet = (await context.second()).daemon.lines;
      expectThat(
        count(loud, 'debug') > 0,
        'debug lines with --log-level=debug',
        `none among ${String(loud.length)} lines`,
      );
      const low = ['debug', 'info', 'warning'].filter((level) => count(quiet, level) > 0);
      expectThat(
        low.length === 0,
        'nothing below error with --log-level=error',
        () => quiet.find((line) => low.some((level) => line.includes(`level=${level}`))) ?? '',
      );
      return `debug: ${String(count(loud, 'debug'))} debug lines; error: none below`;
    },
  },
];
