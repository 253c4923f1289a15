import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** A proxy for a run that must ask nobody: whoever asks for anything beyond this machine asks here, and is counted. */
export class NobodyAsked {
  /** How often since `forget`. */
  connections = 0;
  readonly #server: Server = createServer((socket) => {
    this.connections += 1;
    socket.destroy();
  });

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  close(): void {
    this.#server.close();
  }

  forget(): void {
    this.connections = 0;
  }

  /** The variables of the run. */
  get environment(): Readonly<Record<'HTTP_PROXY' | 'HTTPS_PROXY' | 'ALL_PROXY', string>> {
    const url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
    return { HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: url };
  }
}
