// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeServerCertificate } from './keys.mjs';
import { run } from './processes.mjs';

/** Where the company's proxy has its address, beside the lab's. */
const proxy = { address: '198.51.100.55', port: 3128 };

/** Made up: nothing but this lab knows them. */
const login = { login: 'builder', password: 'corp-Secret-7Q' };
const proxyLogin = { login: 'surfer', password: 'proxy-Secret-9X' };

/**
 * Makes an authority that neither the lab's root nor its images know, and what the mirrors of a company need: folder `corporate` of what
 * the lab shares. Its key stays outside.
 * @param {string} state
 * @param {readonly string[]} hosts
 */
export async function makeCompany(state, hosts) {
  const [authority, into] = [join(state, 'authority'), join(state, 'shared/corporate')];
  for (const dir of [authority, into]) mkdirSync(dir, { recursive: true });
  await run([
    ...['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=corp CA'],
    ...['-keyout', join(authority, 'ca.key'), '-out', join(authority, 'ca.pem')],
  ]);
  const { ca } = await makeServerCertificate(authority, hosts, into);
  writeFileSync(join(into, 'ca.pem'), ca);
  writeFileSync(join(into, 'settings.json'), JSON.stringify({ hosts, login, proxy: { ...proxy, login: proxyLogin } }));
  const { login: user, password } = proxyLogin;
  const url = `http://${user}:${password}@${proxy.address}:${String(proxy.port)}`;
  writeFileSync(
    join(into, 'corporate.env'),
    `LAB_PROXY_ADDRESS=${proxy.address}\nLAB_PROXY_URL=${url}\nLAB_CORPORATE="${hosts.join(' ')}"\n`,
  );
  return { hosts, login, proxy: { ...proxy, login: proxyLogin, url } };
}
