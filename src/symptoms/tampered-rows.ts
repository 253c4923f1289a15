import { NEXT } from '../next-command.ts';
import { symptom, type Symptom } from './symptom.ts';

/** What came cannot be what was asked for, or nobody vouches for it. */
export const TAMPERED_ROWS: readonly Symptom[] = [
  symptom(
    'MB-401',
    'go',
    'tampered',
    /SECURITY ERROR/,
    'Go, cmd/go/internal/modfetch/fetch.go',
    ['SECURITY ERROR', 'verifying module: SECURITY ERROR'],
    {
      cause:
        'A module is not what the checksum database or go.sum says. Go never passes over that, and neither should you.',
      hint: 'Do not retry, and do not turn the check off. Name another module proxy; if it says the same, the module was altered at its source.',
      next: NEXT.mirror('gomod', 'https://PROXY'),
    },
  ),
  symptom(
    'MB-402',
    'go',
    'tampered',
    /verifying \S+: checksum mismatch|^verifying \S+@\S+: checksum mismatch/i,
    'Go, cmd/go/internal/modfetch/fetch.go',
    [
      'verifying example.org/x@v1.0.0: checksum mismatch',
      'go: verifying github.com/x/y@v1.0.0/go.mod: checksum mismatch',
    ],
    {
      cause: 'A module came damaged or altered from its module proxy.',
      hint: 'Do not retry. Name another module proxy.',
      next: NEXT.mirror('gomod', 'https://PROXY'),
    },
  ),
  symptom(
    'MB-403',
    'go',
    'damaged',
    /zip: not a valid zip file|zip: checksum error|checksum mismatch|invalid response from proxy .*unexpected end of JSON/i,
    'Go, archive/zip/reader.go and cmd/go/internal/modfetch',
    ['/go/src/x/main.go:6:2: zip: not a valid zip file', 'go: x@v1.0.0: zip: checksum error'],
    {
      cause: 'A module came damaged or altered from its module proxy.',
      hint: 'Name another module proxy.',
      next: NEXT.mirror('gomod', 'https://PROXY'),
    },
  ),
  symptom(
    'MB-404',
    'engine',
    'tampered',
    /unexpected commit digest|failed precondition: .*digest|filesystem layer verification failed|image verification failed for digest/i,
    'containerd, plugins/content/local/writer.go; moby, distribution/pull_v2.go',
    [
      'failed commit on ref "config-sha256:8c0272": unexpected commit digest sha256:3f4c63, expected sha256:8c0272: failed precondition',
      'filesystem layer verification failed for digest sha256:8c0272',
    ],
    {
      cause:
        'A part of an image came damaged or altered. The engine keeps what came, and offers it again whoever serves it next.',
      hint: 'Remove what the engine keeps, and name another registry.',
      next: 'docker builder prune --all --force',
    },
  ),
  symptom(
    'MB-405',
    'apt',
    'tampered',
    /NO_PUBKEY|EXPKEYSIG|KEYEXPIRED|REVKEYSIG|The following signatures (?:couldn't be verified|were invalid)|BADSIG|signatures? (?:were|was) invalid/i,
    'apt, methods/gpgv.cc; GnuPG, doc/DETAILS',
    [
      "The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 0E98404D386FA1D9",
      'W: GPG error: http://deb.example/debian buster InRelease: The following signatures were invalid: EXPKEYSIG 7638D0442B90D010',
    ],
    {
      cause:
        "The suite is signed with a key that the base image's keyring does not have, or no longer trusts: the suite is newer or older than the image.",
      hint: 'Take the suite of the image, or hand in a keyring with --apt-keyring.',
      next: NEXT.suite('bookworm'),
    },
  ),
  symptom(
    'MB-406',
    'apt',
    'damaged',
    /Release file for \S+ is expired|E: Release file .* expired/i,
    'apt, apt-pkg/acquire-item.cc',
    ['E: Release file for http://debian.example/debian/dists/buster/InRelease is expired (invalid since 2d 1s).'],
    {
      cause:
        'The suite is archived and its Release file has run out, or the mirror is far behind; moby-build turns that check off where it puts sources for an archived suite.',
      hint: 'Let another mirror be chosen.',
      next: NEXT.again(),
    },
  ),
  symptom(
    'MB-407',
    'curl',
    'untrusted',
    /^(?!.*(?:certificate is not yet valid$|not yet valid certificate|not yet activated)).*?(?:x509:(?!.*is before)|SSL certificate problem: ?(.*)|server certificate verification failed\.? ?(.*)|certificate (?:verify failed|signed by unknown authority|has expired)|Certificate verification failed|certificate is NOT trusted|The certificate of '.*' is not trusted|unable to (?:get|verify).* certificate|self[- ]signed certificate|SSL: no alternative certificate subject name|cannot verify \S+ certificate, issued by)/i,
    'curl, lib/vtls; Go, crypto/x509/verify.go; GnuTLS, lib/errors.c; seen in a run of git, curl, wget, apt and go',
    [
      'x509: certificate signed by unknown authority',
      'curl: (60) SSL certificate problem: unable to get local issuer certificate',
      "fatal: unable to access 'https://x/': server certificate verification failed. CAfile: none CRLfile: none",
      'Certificate verification failed: The certificate is NOT trusted. The certificate issuer is unknown.  Could not handshake: Error in the certificate verification. [IP: 127.0.0.1 443]',
      "ERROR: The certificate of 'm.example' is not trusted.",
      "ERROR: cannot verify m.example's certificate, issued by ‘CN=Proxy’:",
      'npm ERR! self-signed certificate in certificate chain',
    ],
    { reason: 'its certificate is not trusted here ($1)' },
  ),
  symptom(
    'MB-408',
    'git',
    'damaged',
    /fsck error|error in (?:packed )?object|did not send all necessary objects|bad object|missing (?:blob|tree|necessary)|SHA1 COLLISION|\binflate\b|serious inflate inconsistency|pack (?:is corrupted|has bad)/i,
    'git, builtin/index-pack.c, fsck.c and fetch-pack.c',
    [
      'fatal: fsck error in packed object',
      'fatal: remote did not send all necessary objects',
      'fatal: serious inflate inconsistency',
    ],
    {
      cause: 'git received objects that are not what their ids say.',
      hint: 'Name another mirror.',
      next: NEXT.mirror('git', 'https://MIRROR/{url}'),
      reason: 'what it sent is damaged',
    },
  ),
  symptom(
    'MB-409',
    'archive',
    'damaged',
    /WARNING: \d+ computed checksums? did NOT match|sha256sum: .*FAILED|: FAILED$|gpg: BAD signature/i,
    'coreutils, cksum.c; GnuPG, g10/mainproc.c',
    [
      'sha256sum: WARNING: 1 computed checksum did NOT match',
      'tini-static: FAILED',
      'gpg: BAD signature from "Somebody"',
    ],
    {
      cause: 'A file that a step downloaded is not what its checksum or its signature says.',
      hint: 'Name another mirror. If it says the same again, do not use the file.',
      counts: 'after',
    },
  ),
  symptom(
    'MB-410',
    'archive',
    'damaged',
    /gzip: stdin: (?:not in gzip format|unexpected end of file)|tar: (?:This does not look like a tar archive|Unexpected EOF in archive)|xz: .*(?:Unexpected end of input|File format not recognized)|unzip: .*End-of-central-directory|zstd: .*unsupported format/i,
    'gzip, gzip.c and inflate.c; GNU tar, src/list.c',
    ['gzip: stdin: not in gzip format', 'tar: This does not look like a tar archive'],
    {
      cause: 'A download is not the archive that was asked for: it was cut, or a page came in its place.',
      hint: 'Look for the download further up.',
      counts: 'after',
    },
  ),
];
