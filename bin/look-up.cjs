// Looks names up for src/system/http/host-names.ts, in a process of its own: getaddrinfo(3) blocks until the system gives up, half a
// minute where no name server answers, and Node waits for it even in process.exit. This process can be killed.
'use strict';

const { lookup } = require('node:dns');

process.on('message', (name) => {
  lookup(name, { all: true, verbatim: true }, (error, addresses) => {
    if (process.connected) process.send(error === null ? { name, addresses } : { name, code: error.code });
  });
});
// The parent is gone. Not process.exit: it would wait for the lookups that are stuck.
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGKILL');
});
