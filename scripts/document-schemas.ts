import {
  auditDocument,
  auditDriftDocument,
  auditHostsDocument,
  auditTagsDocument,
} from '../src/commands/audit/document.ts';
import { buildDocument } from '../src/commands/build/document.ts';
import {
  bundleCreateDocument,
  bundleDiffDocument,
  bundleLsDocument,
  bundleServeDocument,
  bundleVerifyDocument,
  bundleWantDocument,
} from '../src/commands/bundle/document.ts';
import { cacheDocument } from '../src/commands/cache/document.ts';
import { cleanDocument } from '../src/commands/clean/document.ts';
import { compareDocument } from '../src/commands/compare/document.ts';
import { doctorDocument } from '../src/commands/doctor/document.ts';
import { explainDocument } from '../src/commands/explain/document.ts';
import { configInitDocument, configShowDocument } from '../src/commands/config/document.ts';
import { matrixDocument } from '../src/commands/matrix/document.ts';
import { mirrorsListDocument, mirrorsProbeDocument } from '../src/commands/mirrors/document.ts';
import { packDocument } from '../src/commands/pack/document.ts';
import { patchDocument } from '../src/commands/patch/document.ts';
import { provenanceDocument } from '../src/commands/provenance/document.ts';
import { reportDocument } from '../src/commands/report/document.ts';
import { sbomDocument } from '../src/commands/sbom/document.ts';
import { signDocument } from '../src/commands/sign/document.ts';
import { smokeDocument } from '../src/commands/smoke/document.ts';
import { verifyDocument } from '../src/commands/verify/document.ts';

/** What `--json` says, by the name of its file in schemas/. A dry run of build is a `patch` document. */
export const DOCUMENT_SCHEMAS = {
  patch: patchDocument,
  build: buildDocument,
  matrix: matrixDocument,
  audit: auditDocument,
  'audit-hosts': auditHostsDocument,
  'audit-drift': auditDriftDocument,
  'audit-tags': auditTagsDocument,
  'mirrors-list': mirrorsListDocument,
  'mirrors-probe': mirrorsProbeDocument,
  verify: verifyDocument,
  provenance: provenanceDocument,
  compare: compareDocument,
  sbom: sbomDocument,
  sign: signDocument,
  smoke: smokeDocument,
  pack: packDocument,
  doctor: doctorDocument,
  'bundle-create': bundleCreateDocument,
  'bundle-want': bundleWantDocument,
  'bundle-ls': bundleLsDocument,
  'bundle-serve': bundleServeDocument,
  'bundle-verify': bundleVerifyDocument,
  'bundle-diff': bundleDiffDocument,
  cache: cacheDocument,
  clean: cleanDocument,
  report: reportDocument,
  explain: explainDocument,
  'config-show': configShowDocument,
  'config-init': configInitDocument,
};
