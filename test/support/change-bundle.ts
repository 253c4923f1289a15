import { createReadStream } from 'node:fs';
import { parseContents, type Contents } from '../../src/bundle/format/contents.ts';
import { readTar } from '../../src/bundle/format/read-tar.ts';
import { listed, tarOf, type Files } from './make-bundle.ts';

/** The files of a bundle in their order, the two lists first. */
export async function filesOf(file: string): Promise<Files> {
  const files: [string, Buffer][] = [];
  for await (const { path, body } of readTar(createReadStream(file) as AsyncIterable<Uint8Array>)) {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    files.push([path, Buffer.concat(parts)]);
  }
  return files;
}

/** The bytes of a bundle without one object: consistent in itself, as if `bundle create` had not had it. */
export async function without(file: string, kind: string, name: string): Promise<Buffer> {
  const { contents, files } = await read(file);
  const objects = contents.objects.filter((each) => each.kind !== kind || each.name !== name);
  const left = new Set(objects.flatMap((each) => each.files));
  const gone = new Set(contents.objects.flatMap((each) => each.files).filter((path) => !left.has(path)));
  return tarOf(
    listed(
      { ...contents, objects },
      files.filter(([path]) => !gone.has(path)),
    ),
  );
}

/** The bytes of a bundle for other builds. */
export async function changed(file: string, more: Partial<Contents['builds'][number]>): Promise<Buffer> {
  const { contents, files } = await read(file);
  return tarOf(listed({ ...contents, builds: contents.builds.map((build) => ({ ...build, ...more })) }, files));
}

/** The bytes of a bundle in which one byte of a file is another. */
export async function damagedAt(file: string, damaged: string): Promise<Buffer> {
  const files = await filesOf(file);
  return tarOf(
    files.map(([path, data]) => {
      if (path !== damaged) return [path, data] as const;
      const other = Buffer.from(data);
      other[0] = (other[0] ?? 0) ^ 1;
      return [path, other] as const;
    }),
  );
}

async function read(file: string): Promise<{ readonly contents: Contents; readonly files: Files }> {
  const [first, , ...files] = await filesOf(file);
  return { contents: parseContents(first?.[1].toString('utf8') ?? ''), files };
}
