/** Sentences of runs without network (`--offline`). */
export const OFFLINE_WORDS = {
  lacks: (count: number) =>
    count === 1
      ? '1 object is not on this machine, and --offline asks no server:'
      : `${count} objects are not on this machine, and --offline asks no server:`,
  lacksOfFolder: (count: number) =>
    count === 1
      ? '1 object is not in the folder that stands for its mirror:'
      : `${count} objects are not in the folders that stand for their mirrors:`,
  lack: (kind: string, name: string, supply: string) => `${kind} ${name} - supplied by ${supply}`,
  lackWhy: (kind: string, name: string, why: string, supply: string) =>
    `${kind} ${name} (${why}) - supplied by ${supply}`,
  restUnknown: 'What else is missing shows when the tree is there.',
  git: 'a bare clone (--mirror git=file:///DIR/{repo}.git), or an earlier build with network, which fills the store',
  gitByHost: 'this machine (--sources host, without --in-place)',
  tree: 'a repository (--source file:///DIR/moby.git), a tree (--source DIR), --mirror git=file:///DIR/{repo}.git, or an earlier build with network',
  commit: 'its commit (--commit SHA), for the built-in table does not have this tag',
  image: 'docker load, or docker pull NAME@DIGEST where there is a network',
  imageById: (name: string, reference: string) => `your word that this is the image: --image ${name}=${reference}`,
  imageByFlag: (name: string) => `an image of your own (--image ${name}=REF), and no build argument`,
  bundle: 'a bundle (--bundle FILE), which has images for every builder',
  go: 'a folder of a module proxy (--mirror gomod=file:///DIR), or a bundle (--bundle FILE)',
  apt: 'a mirror of Debian in a folder (--mirror apt=file:///DIR), or a bundle (--bundle FILE)',
  nothing: 'nothing on this machine: the step fetches it by itself',
  imageOfEngine: (id: string, basis: string) => `the engine has it: ${id}; believed by ${basis}`,
  imagesOfEngine: (count: number) => `${count} ${count === 1 ? 'image' : 'images'} of the engine`,
  engineTrusted: (reference: string, id: string, name: string) =>
    `${reference} is the image that the engine has under this name, ${id}, without a witness (--trust-image ${name}).`,
  builderHasNoImages: (builder: string) => `the builder ${builder} has no images of its own`,
  noDocker: 'docker is not here, so nobody says what the engine has',
  byArgument: 'a build argument names it',
  tagTooLong: 'its tag is too long',
} as const;
