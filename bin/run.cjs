// Loads the program, which is an ES module. Apart from moby-build.cjs because import() is no ES5.
'use strict';

import('../dist/cli.js').catch(function (error) {
  process.stderr.write(`moby-build: cannot be loaded, is the package complete?\n${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
