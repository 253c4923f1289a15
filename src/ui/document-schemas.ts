import * as z from 'zod';
import { auditDriftFields, auditFields, auditHostsFields, auditTagsFields } from './audit-schemas.ts';
import {
  binaryPart,
  cachedSourcePart,
  checkPart,
  checkTotalsPart,
  commandPart,
  componentPart,
  errorPart,
  fetchPart,
  imagePart,
  leftoverPart,
  notePart,
  patchPart,
  pointPart,
  sourcePart,
  stepPart,
  totalsPart,
  unknownPart,
} from './document-parts.ts';
import { mirrorsListFields, mirrorsProbeFields } from './mirror-schemas.ts';

const planFields = {
  ref: z.string(),
  commit: z.string().nullable().describe('null for a tree without git'),
  series: z.string(),
  target: z.string(),
  platform: z.string(),
  profile: z.string(),
  points: z.array(pointPart),
  unknown: z.array(unknownPart),
  totals: totalsPart,
  components: z.array(componentPart).describe('What --component asked for'),
  fetches: z.array(fetchPart).describe('What this machine fetches before the build and hands to it; patch: nothing'),
  patches: z.array(patchPart),
  build: commandPart,
  notes: z.array(notePart),
};

const buildFields = {
  machine: z.array(checkPart).describe('The checks of this machine'),
  checks: z.array(checkPart).describe('The checks of what was built'),
  smoke: z.array(checkPart).describe('The checks of the daemon, with --smoke'),
  binaries: z.array(binaryPart),
  manifest: z.string().nullable().describe('Path'),
  log: z.string().nullable().describe('Path'),
  steps: z.array(stepPart),
  seconds: z.number().min(0),
  downloadedBytes: z.int().min(0).nullable(),
  images: z.array(imagePart).describe('The images that are pinned by digest'),
  sources: z.array(sourcePart).describe('With --sources host: the repositories that were handed to the build'),
};

const verifyFields = {
  directory: z.string(),
  checks: z.array(checkPart),
  binaries: z.array(binaryPart),
  totals: checkTotalsPart,
};

const smokeFields = {
  directory: z.string().nullable(),
  list: z.array(z.strictObject({ id: z.string(), title: z.string() })).describe('With --list: what could be checked'),
  checks: z.array(checkPart),
  totals: checkTotalsPart,
  seconds: z.number().min(0),
  log: z.string().nullable().describe('A directory with what the daemons printed, when a check failed'),
};

const cacheFields = {
  action: z.enum(['ls', 'verify', 'prune']),
  store: z.string().describe('Path'),
  entries: z.array(cachedSourcePart),
  remains: z.array(z.string()).describe('Paths: damaged entries that were moved away, and parts that killed runs left'),
  removed: z.boolean().describe('prune --yes: what was chosen, and what remained, is gone'),
  totals: z.strictObject({ entries: z.int().min(0), bytes: z.int().min(0) }),
};

const cleanFields = { leftovers: z.array(leftoverPart), removed: z.boolean() };

/** A whole document, or one that failed: as far as it got, with `error`. */
function document<Shape extends z.ZodRawShape>(title: string, shape: Shape) {
  const whole = z.strictObject(shape);
  return z.union([whole, whole.partial().extend({ error: errorPart })]).meta({ title });
}

/** What `--json` says, by the name of its file in schemas/. A dry run of build is a `patch` document. */
export const DOCUMENT_SCHEMAS = {
  patch: document('moby-build patch --json, moby-build build --dry-run --json', planFields),
  build: document('moby-build build --json', { ...planFields, ...buildFields }),
  audit: document('moby-build audit --json', auditFields),
  'audit-hosts': document('moby-build audit --hosts --json', auditHostsFields),
  'audit-drift': document('moby-build audit --ref A..B --json', auditDriftFields),
  'audit-tags': document('moby-build audit --tags PATTERN --json', auditTagsFields),
  'mirrors-list': document('moby-build mirrors list --json', mirrorsListFields),
  'mirrors-probe': document('moby-build mirrors probe --json', mirrorsProbeFields),
  verify: document('moby-build verify --json', verifyFields),
  smoke: document('moby-build smoke --json', smokeFields),
  cache: document('moby-build cache --json', cacheFields),
  clean: document('moby-build clean --json', cleanFields),
};
