// @ts-check

/**
 * A zip of the module that a path asks for, well-formed and with other content: only its sum tells it from the right one.
 * @param {string} path `/goproxy/github.com/google/uuid/@v/v1.6.0.zip`
 */
export function tamperedModule(path) {
  const [, module = '', version = ''] = /^(?:\/goproxy)?\/(.+)\/@v\/(.+)\.zip$/.exec(path) ?? [];
  const prefix = `${module}@${version}/`;
  const name = module.split('/').at(-1) ?? 'main';
  return zipOf({
    [`${prefix}go.mod`]: `module ${module}\n`,
    [`${prefix}${name}.go`]: `package ${name}\n\nvar Nil = "tampered"\n`,
  });
}

/** A zip whose entries are stored as they are (PKWARE APPNOTE 4.3). @param {Record<string, string>} files */
function zipOf(files) {
  /** @type {Buffer[]} */
  const locals = [];
  /** @type {Buffer[]} */
  const central = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const made = Buffer.from([20, 0]);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), made, common, rest, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(locals.length, 8);
  end.writeUInt16LE(locals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** @param {Buffer} data */
function crc32(data) {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
