// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A program that says its text, whatever it is asked. */
const say = '#include <stdio.h>\n\nint main(void) {\n\tputs(TEXT);\n\treturn 0;\n}\n';
const compile = (/** @type {string} */ source) => `cc -static -DTEXT='"$(TEXT)"' -o $@ ${source}`;

/**
 * Components of the light tree: they build by the very commands of moby's installers, to small static programs that say what the real ones
 * say. `tag`: what the light tree, shaped like v20.10.12, says that its commit is.
 * @type {Record<string, {tag: string, files: Record<string, string>}>}
 */
export const standIns = {
  'containerd/containerd': {
    tag: 'v1.4.12',
    files: {
      Makefile: [
        'REVISION := $(shell git rev-parse HEAD)',
        'VERSION := $(shell git describe --match "v[0-9]*")',
        'all: $(addprefix bin/,containerd containerd-shim containerd-shim-runc-v2 ctr)',
        'bin/%: say.c',
        '\tmkdir -p bin',
        `\t${compile('say.c')}`,
        'bin/containerd: TEXT = containerd github.com/containerd/containerd $(VERSION) $(REVISION)',
        'bin/containerd-shim: TEXT = containerd-shim $(VERSION)',
        'bin/containerd-shim-runc-v2: TEXT = containerd-shim-runc-v2:\\n  Version:  $(VERSION)\\n  Revision: $(REVISION)',
        'bin/ctr: TEXT = ctr github.com/containerd/containerd $(VERSION)\n',
      ].join('\n'),
      'say.c': say,
    },
  },
  'opencontainers/runc': {
    tag: 'v1.0.2',
    files: {
      Makefile: `TEXT = runc version 1.0.2\\ncommit: $(shell git describe --long)\nstatic: runc\nrunc: say.c\n\t${compile('say.c')}\n`,
      'say.c': say,
    },
  },
  'krallin/tini': {
    tag: 'v0.19.0',
    files: {
      'CMakeLists.txt': [
        'cmake_minimum_required(VERSION 3.0)',
        'project(tini NONE)',
        'execute_process(COMMAND git log -n 1 --date=local --pretty=format:%h OUTPUT_VARIABLE commit)',
        'add_custom_target(tini-static COMMAND cc -static "-DTEXT=\\"tini version 0.19.0 - git.${commit}\\"" -o tini-static say.c VERBATIM)\n',
      ].join('\n'),
      'say.c': say,
    },
  },
  'rootless-containers/rootlesskit': {
    tag: 'v0.14.4',
    files: {
      'go.mod':
        'module github.com/rootless-containers/rootlesskit\n\ngo 1.16\n\nrequire github.com/pkg/errors v0.9.1\n',
      'go.sum':
        'github.com/pkg/errors v0.9.1 h1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=\ngithub.com/pkg/errors v0.9.1/go.mod h1:bwawxfHBFNV+L2hUp1rHADufV3IMtnDRdf1r5NINEl0=\n',
      'cmd/rootlesskit/main.go': program('rootlesskit'),
      'cmd/rootlesskit-docker-proxy/main.go': program('rootlesskit-docker-proxy'),
    },
  },
};

/** The light tree's libnetwork, which says no version, as the real one. @type {Record<string, string>} */
export const standInProxy = { 'cmd/proxy/main.go': 'package main\n\nfunc main() {\n\tprintln("docker-proxy")\n}\n' };

/** @param {string} name */
function program(name) {
  return `package main\n\nimport (\n\t"fmt"\n\n\t"github.com/pkg/errors"\n)\n\nfunc main() {\n\tfmt.Println("${name} version 0.14.4", errors.Cause(nil))\n}\n`;
}

/** Writes one of them. @param {string} tree @param {Record<string, string>} files */
export function writeFiles(tree, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
}
