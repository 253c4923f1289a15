import { blobPath } from '../../bundle/make/image-layout.ts';
import type { Part, Parts } from '../../bundle/make/parts.ts';
import { mediaTypeOf, parseManifest, type Manifest } from '../../mirrors/requests/image-manifest.ts';
import { downloadBlob, manifestAt, type Session } from '../../mirrors/requests/registry-session.ts';
import { throwIfStopping } from '../../system/process/supervisor.ts';

/** A configuration is some kilobytes; its manifest says how many, and its digest decides. */
export const CONFIG_BYTES = 4 * 1024 * 1024;

export interface ManifestPart {
  readonly part: Part;
  readonly manifest: Manifest;
  readonly mediaType: string;
}

/** One registry's blobs on their way into the folder; what lies there already is not asked for. */
export class Bringing {
  readonly #session: Session;
  readonly #parts: Parts;
  readonly #mirror: string;
  readonly #say: (bytes: number) => void;

  constructor(session: Session, parts: Parts, mirror: string, say: (bytes: number) => void) {
    this.#session = session;
    this.#parts = parts;
    this.#mirror = mirror;
    this.#say = say;
  }

  /** A manifest by its digest, from the folder or the registry. */
  async manifest(digest: string): Promise<ManifestPart | string> {
    const path = blobPath(digest);
    if ((await this.#sound(digest)) === null) {
      const found = await manifestAt(this.#session, digest, digest);
      if (!('manifest' in found)) return found.reason;
      await this.#parts.put(path, found.answer.body, this.#served(`manifests/${digest}`));
    }
    const [part, body] = [await this.#parts.find(path), await this.#parts.read(path)];
    const manifest = parseManifest(body);
    if (part === null || manifest === null) return `${digest} is no manifest`;
    return { part, manifest, mediaType: mediaTypeOf(body, manifest) };
  }

  /** The manifest of a platform. */
  async own(
    top: ManifestPart,
    platform: string,
  ): Promise<{ readonly digest: string; readonly manifest: Extract<Manifest, { is: 'image' }> } | string> {
    if (top.manifest.is === 'image') return { digest: `sha256:${top.part.sha256}`, manifest: top.manifest };
    const mine = top.manifest.platforms.find((each) => each.platform === platform)?.digest;
    if (mine === undefined) return `it has no ${platform}`;
    const own = await this.manifest(mine);
    if (typeof own === 'string') return own;
    return own.manifest.is === 'image' ? { digest: mine, manifest: own.manifest } : 'an index in an index';
  }

  /** @returns what is wrong with it; null: it is there */
  async blob(digest: string, bytes: number): Promise<string | null> {
    throwIfStopping();
    if ((await this.#sound(digest)) !== null) return null;
    this.#say(bytes);
    const path = blobPath(digest);
    const writer = await this.#parts.begin(path);
    const answer = await downloadBlob(this.#session, digest, bytes, writer);
    const failure = writer.failure();
    const fault =
      'fault' in answer ? answer.reason : answer.status === 200 ? null : `HTTP status ${String(answer.status)}`;
    const sum = `sha256:${writer.sum().sha256}`;
    if (failure === null && fault === null && sum === digest) {
      await this.#parts.keep(path, writer, this.#served(`blobs/${digest}`));
      return null;
    }
    await writer.drop();
    if (failure !== null) throw failure;
    return fault === null ? `${digest} is not what its digest says` : `${digest}: ${fault}`;
  }

  /** The part of a digest that is there and is what its name says; another one is taken away. */
  async #sound(digest: string): Promise<Part | null> {
    const path = blobPath(digest);
    const part = await this.#parts.find(path);
    if (part === null || `sha256:${part.sha256}` === digest) return part;
    await this.#parts.remove(path);
    return null;
  }

  #served(below: string): { readonly mirror: string; readonly url: string } {
    return { mirror: this.#mirror, url: `${this.#session.at}/${below}` };
  }
}
