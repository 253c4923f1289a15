import * as z from 'zod';

export const basePart = z
  .strictObject({
    suite: z.string().describe('The release of Debian'),
    architecture: z.string().describe("Debian's name"),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/u)
      .describe('Of the list of its packages and of Go'),
    suites: z.array(
      z.strictObject({
        suite: z.string(),
        date: z.string().describe('Date of its InRelease (ISO 8601)'),
        signedBy: z.string().describe('The key of the archive whose signature was checked'),
        url: z.string().describe('Who served it: the URL before /dists'),
      }),
    ),
    packages: z.array(
      z.strictObject({
        name: z.string(),
        version: z.string(),
        architecture: z.string(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/u),
      }),
    ),
    go: z.strictObject({
      version: z.string(),
      from: z.enum(['module', 'debian']).describe("module: golang.org/toolchain; debian: the suite's own package"),
      sum: z.string().nullable().describe('h1: of the module, as the checksum database has it'),
      url: z.string().nullable().describe('Who served it'),
    }),
    xx: z.string().nullable().describe('Commit of tonistiigi/xx, where the tree uses it'),
  })
  .describe('What the base images are made of, with --base debian');
