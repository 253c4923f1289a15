import { describe, expect, it } from 'vitest';
import { scanned, treeOf } from './tree.ts';

const A = 'https://a.example/x';
const B = 'https://b.example/x';

/** The URLs that a RUN may fetch, and the reasons of what is not known. */
function seen(script: string): string[] {
  const Dockerfile = `FROM golang:1 AS base\nFROM base AS s\nWORKDIR /w\nCOPY t /w\nRUN <<E\n${script}\nE\n`;
  const files = { 't/a/get': `curl ${A}\n`, 't/b/get': `curl ${B}\n`, 't/env': `set -- ${A}\n` };
  const { points, unknown } = scanned(treeOf({ Dockerfile, ...files }), { target: 's' });
  return [
    ...points.filter(({ kind }) => kind === 'http').map(({ url }) => url),
    ...unknown.map(({ reason }) => reason),
  ].sort();
}

describe('what differs after branches is followed in each of its forms', () => {
  it.each([
    ['parameters, if', `if c; then set -- ${A}; else set -- ${B}; fi; curl "$1"`],
    ['parameters, case', `case $c in x) set -- ${A};; *) set -- ${B};; esac; curl "$1"`],
    ['parameters, a loop', `set -- ${A}; while c; do set -- ${B}; done; curl "$1"`],
    ['parameters, one branch', `if c; then set -- ${A}; fi; curl "\${1:-${B}}"`],
    ['a variable, one branch', `if c; then u=${A}; fi; curl "\${u:-${B}}"`],
    ['the directory, if', 'if c; then cd a; else cd b; fi; sh ./get'],
    ['the directory, case', 'case $c in x) cd a;; *) cd b;; esac; sh ./get'],
    ['the directory, a list', 'c && cd a || cd b; sh ./get'],
    ['pushd and popd', 'cd a; pushd ../b; sh ./get; popd; sh ./get'],
    ['an array', `if c; then u=(${A}); else u=(x ${B}); fi; curl "\${u[@]: -1}" ${A} ${B}`],
    ['break', `for i in 1 2; do u=${A}; if c; then break; fi; u=${B}; done; curl $u`],
    ['continue', `for i in 1 2; do u=${A}; if c; then continue; fi; u=${B}; done; curl $u`],
    ['return', `f() { u=${A}; if c; then return; fi; u=${B}; }; f; curl $u`],
    ['local', `u=${A}; f() { local u=${B}; curl $u; }; f; curl $u`],
    ['a background command', `u=${A}; u=${B} & curl $u; curl ${B}`],
    ['a command that may fail', `u=${A}; c && u=${B}; curl $u`],
    ['a function that is defined anew', `f() { curl ${A}; }; if c; then f() { curl ${B}; }; fi; f`],
    ['a child without the variable', `u=${A}; sh -c 'curl "\${u:-${B}}"'; curl $u`],
    ['an option in a branch', `set -- ${A}; if c; then set -- ${B}; shift 3; fi; curl "$1"`],
    ['IFS', `u=${A},${B}; IFS=,; for i in $u; do curl $i; done`],
    ['xargs', `echo ${A} ${B} | xargs -n1 curl`],
    ['declare, which sh does not have', `u=${A}; declare u=${B}; curl "$u"`],
    ['typeset in a function', `u=${A}; f() { typeset u=${B}; curl "$u"; }; f`],
    ['source, which sh does not have', `set -- ${B}; source ./env; curl "$1"`],
    ['all parameters in a text that a shell reads', `set -- ${A}; sh <<F\ncurl "$*"\nF\ncurl ${B}`],
    [
      'a variable that one command only sees',
      `u=https://c.example/x; u=${A} sh -c 'curl "$u"'; sh -c 'curl "\${u:-${B}}"'`,
    ],
    ['a variable that a builtin may keep', `u=https://c.example/x; u=${A} :; curl "$u"; sh -c 'curl "\${u:-${B}}"'`],
    ['a word that sets a variable for the words behind it', `curl "\${u:-${A}}" "\${u:=${B}}"`],
    ['such a word in a test', `[ -n "\${u-}" ] || [ "\${u:-${A}}" = "\${u:=${B}}" ] || curl ${A} "$u"`],
    ['such words in a loop', `for i in "\${u:-${A}}" "\${u:=${B}}"; do curl "$i"; done`],
    ['set -a in a branch', `u=; if c; then set -a; fi; u=${A}; sh -c 'curl "\${u:-${B}}"'`],
    ['an array without elements', `u=(); curl "\${u-${A}}" "\${u:-${B}}"`],
    ['local outside of functions', `u=${A}; local u=${B}; curl "$u"; curl ${B}`],
    ['an assignment that appends', `u=${A}; u+=' ${B}'; curl $u`],
    ['a file that sets parameters', `set -- ${B}; curl "$1"; . ./env; curl "$1"`],
  ])('%s', (_title, script) => {
    const all = seen(script).filter((one) => one === A || one === B);
    expect(all).toEqual([A, B]);
  });

  it.each([
    ['curl "${2:-https://c.example/x}"', 'the address ${2:-https://c.example/x} of this curl is not known'],
    ['u=${1:+https://c.example/x}; curl "$u"', 'https://c.example/x'],
  ])('parameters that are not known may be there: %s', (script, expected) => {
    expect(seen(`set -- $(cat /f); ${script}`)).toEqual([expected]);
  });

  it.each([
    ['#!/bin/bash', 'u=X; declare u=B; curl "$u"'],
    ['#!/usr/bin/env bash', 'u=X; u=B; typeset -x u; sh -c \'curl "$u"\''],
    ['#!/bin/bash', 'bash -c \'u=X; declare u=B; curl "$u"\''],
  ])('and in what is certainly bash there is nothing else: %s, %s', (first, script) => {
    const text = script.replaceAll('X', A).replaceAll('B', B);
    expect(seen(`${first}\n${text}`)).toEqual([B]);
  });
});
