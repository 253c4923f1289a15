import * as z from 'zod';

/** Names the kind of build, and so what its parameters mean: docs/inventory.md. Another shape has another number. */
export const BUILD_TYPE = 'urn:moby-build:build:v1';

/** The statement in an out dir. */
export const STATEMENT_NAME = 'provenance.json';

const text = z.string();
const digest = z.record(text, text.regex(/^[0-9a-f]+$/u, 'a digest in lower-case hex'));

/** in-toto's ResourceDescriptor, as far as it is used here (in-toto attestation, spec/v1/resource_descriptor.md). */
const resourceSchema = z.looseObject({
  name: text.optional(),
  uri: text.optional(),
  digest: digest.optional(),
  downloadLocation: text.optional(),
  annotations: z.record(text, z.unknown()).optional(),
});
export type Resource = z.infer<typeof resourceSchema>;

const count = z.int().min(0);
const debianPackages = z.looseObject({
  recorded: count,
  withoutDigest: count,
  /** Steps whose packages are not known: they came from the cache, or said more than was printed. */
  cachedSteps: count,
  clippedSteps: count,
});
export type DebianPackages = z.infer<typeof debianPackages>;

/** in-toto Statement v1 with SLSA provenance v1 (slsa.dev/spec/v1.0/provenance). Members that are not known are left alone. */
export const statementSchema = z.looseObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.looseObject({ name: text, digest })).min(1),
  predicateType: z.literal('https://slsa.dev/provenance/v1'),
  predicate: z.looseObject({
    buildDefinition: z.looseObject({
      buildType: z.literal(BUILD_TYPE),
      externalParameters: z.looseObject({
        ref: text,
        target: text,
        platform: text,
        options: z.record(text, z.unknown()),
      }),
      internalParameters: z.looseObject({
        planDigest: digest,
        patches: z.array(z.looseObject({ name: text, digest })),
        buildArguments: z.record(text, text),
      }),
      resolvedDependencies: z.array(resourceSchema),
    }),
    runDetails: z.looseObject({
      builder: z.looseObject({ id: text, version: z.record(text, text).optional() }),
      metadata: z.looseObject({ startedOn: text, finishedOn: text, debianPackages: debianPackages.optional() }),
      byproducts: z.array(resourceSchema).optional(),
    }),
  }),
});
export type Statement = z.infer<typeof statementSchema>;
