export function debianMobyOrSkip(version: '20.10.24' | '26.1.5'): string | null;
