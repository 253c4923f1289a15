export function whyNoDebianDockerd(): string | null;
export function skipWithoutDebianDockerd(): boolean;
export function debianDockerd(): string;
