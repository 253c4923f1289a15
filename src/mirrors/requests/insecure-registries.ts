import { BlockList, isIP } from 'node:net';

/**
 * Whether an engine takes a registry without TLS: named with its port in `insecure-registries`, or an address in one of its blocks
 * (dockerd(8), --insecure-registry). Pure; a name is not looked up here.
 * @param host `registry.example:5000`, `10.0.0.5:5000`, `[fd00::1]:5000`
 */
export function isInsecure(host: string, registries: readonly string[]): boolean {
  if (registries.includes(host)) return true;
  const address = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  if (family === 0) return false;
  const blocks = new BlockList();
  for (const block of registries) {
    const [network = '', bits = ''] = block.split('/');
    if (isIP(network) === family && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
      blocks.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  }
  return blocks.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
