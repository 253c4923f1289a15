import type { Shell } from '../options/option.ts';

/** How a shell is told of it, each time that it starts. */
export const INSTALL: Readonly<Record<Shell, string>> = {
  bash: 'eval "$(moby-build completion bash)"   # in ~/.bashrc',
  zsh: 'eval "$(moby-build completion zsh)"   # in ~/.zshrc, behind compinit',
  fish: 'moby-build completion fish | source   # in ~/.config/fish/config.fish',
};
