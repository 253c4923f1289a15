import { archOfUname } from '../../cpus.ts';
/** What we read of `docker version` and `docker info`, both as `--format '{{json .}}'`. Every field may lack. */
export interface EngineAnswer {
  readonly serverVersion: string | null;
  /** GOARCH: `amd64`. */
  readonly serverArch: string | null;
  /** GOOS: `linux`, `windows`. */
  readonly serverOs: string | null;
  readonly podman: boolean;
  readonly dockerRootDir: string | null;
  /** Bytes. */
  readonly serverMemory: number | null;
  readonly serverCpus: number | null;
  readonly storageDriver: string | null;
  /** Where it keeps images; null: it did not say. */
  readonly imageStore: 'containerd' | 'graph-driver' | null;
  readonly rootless: boolean;
  readonly desktop: boolean;
  readonly registryMirrors: readonly string[];
  /** `insecure-registries` of the engine: hosts with their port, and blocks of addresses. */
  readonly insecureRegistries: readonly string[];
  readonly httpProxy: string | null;
  readonly httpsProxy: string | null;
  /** The newest version of its API, and the oldest that it still speaks: `1.41`, `1.12`. */
  readonly apiVersion: string | null;
  readonly minApiVersion: string | null;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Joins the two documents; text that is no JSON counts as nothing said. Sources: moby api/types at 20.10 to 29. */
export function readEngineAnswer(versionJson: string, infoJson: string): EngineAnswer {
  const version = parse(versionJson);
  const info = parse(infoJson);
  const server = at(version, 'Server');
  const machine = text(at(info, 'Architecture'));
  const security = list(at(info, 'SecurityOptions'));
  const registries = at(info, 'RegistryConfig');
  const memory = at(info, 'MemTotal');
  const cpus = at(info, 'NCPU');
  const components = at(server, 'Components');
  return {
    serverVersion: text(at(server, 'Version')) ?? text(at(info, 'ServerVersion')),
    serverArch: text(at(server, 'Arch')) ?? (machine === null ? null : archOfUname(machine)),
    serverOs: text(at(server, 'Os')) ?? text(at(info, 'OSType')),
    podman:
      Array.isArray(components) && components.some((part) => /podman/i.test(text(at(part as Json, 'Name')) ?? '')),
    dockerRootDir: text(at(info, 'DockerRootDir')),
    serverMemory: typeof memory === 'number' && memory > 0 ? memory : null,
    serverCpus: typeof cpus === 'number' && cpus > 0 ? cpus : null,
    storageDriver: text(at(info, 'Driver')),
    imageStore: imageStoreOf(info),
    rootless: security.some((option) => /(?:^|,)name=rootless(?:,|$)/.test(option)),
    desktop:
      /docker desktop/i.test(text(at(info, 'OperatingSystem')) ?? '') ||
      /docker desktop/i.test(text(at(at(server, 'Platform'), 'Name')) ?? ''),
    registryMirrors: list(at(registries, 'Mirrors')),
    insecureRegistries: [
      ...list(at(registries, 'InsecureRegistryCIDRs')),
      ...insecureHosts(at(registries, 'IndexConfigs')),
    ],
    httpProxy: text(at(info, 'HttpProxy')),
    httpsProxy: text(at(info, 'HttpsProxy')),
    apiVersion: text(at(server, 'ApiVersion')),
    minApiVersion: text(at(server, 'MinAPIVersion')),
  };
}

/** An engine with containerd's image store says the type of its driver (moby, daemon/containerd/service.go, LayerStoreStatus). */
function imageStoreOf(info: Json): EngineAnswer['imageStore'] {
  if (text(at(info, 'Driver')) === null) return null;
  const status = JSON.stringify(at(info, 'DriverStatus') ?? null);
  return status.includes('io.containerd.snapshotter') ? 'containerd' : 'graph-driver';
}

/** Registries by name are listed with what is known of each (moby, api/types/registry, IndexInfo). */
function insecureHosts(indexes: Json | undefined): string[] {
  if (typeof indexes !== 'object' || indexes === null || Array.isArray(indexes)) return [];
  return Object.entries(indexes).flatMap(([host, index]) => (at(index, 'Secure') === false ? [host] : []));
}

/** The name of the context that a client would use, and its address, of `docker context inspect`. */
export function readContext(inspectJson: string): { readonly name: string | null; readonly host: string | null } {
  const answer = parse(inspectJson);
  const first = Array.isArray(answer) ? (answer as readonly Json[])[0] : answer;
  return { name: text(at(first, 'Name')), host: text(at(at(at(first, 'Endpoints'), 'docker'), 'Host')) };
}

function parse(json: string): Json {
  try {
    return JSON.parse(json) as Json;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

function at(value: Json | undefined, key: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })[key]
    : undefined;
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function list(value: Json | undefined): string[] {
  return Array.isArray(value)
    ? (value as readonly Json[]).filter((item): item is string => typeof item === 'string')
    : [];
}
