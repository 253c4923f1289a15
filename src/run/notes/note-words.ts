/** Sentences of notes that depend on the plan, and of the failures that they foretell. */
export const NOTE_WORDS = {
  componentGo: (component: string, wants: string, has: string, image: string) => ({
    message: `${component} asks for Go ${wants} in its go.mod, and the image has Go ${has}: its step will most likely fail.`,
    hint: `--image golang=REGISTRY/library/${image} would do, or --build-arg GO_VERSION=${wants}, if that image exists; moby itself is made for the Go of its tree. An older version of the component needs neither.`,
  }),
  untestedArch: (arch: string, listed: boolean, first: string | null) => ({
    message: `No build for linux/${arch} was tried with moby-build; moby's own list of platforms (docker-bake.hcl) ${listed ? 'has it' : 'does not have it'}.`,
    hint:
      first === null
        ? 'The plan is made from the text of the tree, and verify checks what comes out.'
        : `Debian has ${arch} from ${first} on, so its images have, too: --suite ${first}.`,
  }),
  buildArgUnheard: (name: string, target: string, near: string | null) => ({
    message: `--build-arg ${name} has no effect: no ARG that target ${target} reaches has this name.`,
    hint: near === null ? undefined : `Did you mean ${near}?`,
  }),
  oldEngine: (old: string, image: string) => ({
    message: `The ${old} stops system calls that ${image} uses: apt will say "At least one invalid signature was encountered".`,
    hint: 'The engine knows them from 20.10.10 on (BuildKit from 0.9 on), unless your distribution has mended it. Update it, or build on an older suite: --suite bullseye.',
  }),
  oldEngineFailed: (old: string, log: string) => ({
    message: `The age of the engine is the cause, and no mirror: the ${old} stops system calls that this base image uses.`,
    hint: `Update the engine to 20.10.10 or newer (BuildKit to 0.9), or build on an older suite. The whole log is ${log}`,
  }),
} as const;
