#!/usr/bin/env node
// The start of moby-build. An old Node must be able to read this file, or all that a user sees is a SyntaxError: so it is
// ES5 (a test parses it as such), and everything newer is behind the require at its end.
'use strict';

var NEEDED = [20, 19];
var parts = process.versions.node.split('.');
var major = Number(parts[0]);
var minor = Number(parts[1]);

if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  require('./run.cjs');
} else {
  var needed = NEEDED.join('.');
  var error = {
    code: 'old-node',
    exitCode: 3,
    message: 'moby-build needs Node.js ' + needed + ' or newer; this is ' + process.versions.node,
    where: process.execPath,
    hint: 'Install a current one from https://nodejs.org/en/download, or let npm fetch one for this run only.',
    command: 'npx -p node@22 -p moby-build moby-build',
  };
  if (process.argv.indexOf('--json') >= 0) process.stdout.write(JSON.stringify({ error: error }, null, 2) + '\n');
  process.stderr.write(
    'moby-build: ' + error.message + ' (' + error.where + ').\n  ' + error.hint + '\n  next: ' + error.command + '\n'
  );
  process.exitCode = error.exitCode;
}
