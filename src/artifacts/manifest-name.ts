/** The file in an out dir that says it is ours, and what lies there. */
export const MANIFEST_NAME = 'manifest.json';

/** Names the document's shape; another number is another shape. */
export const MANIFEST_SCHEMA_ID = 'moby-build/manifest/v1';

/** true for the text of a manifest of ours, of any version, also an unfinished one. */
export function isManifestText(text: string): boolean {
  try {
    const document = JSON.parse(text) as unknown;
    if (typeof document !== 'object' || document === null) return false;
    const { schema } = document as { readonly schema?: unknown };
    return typeof schema === 'string' && schema.startsWith('moby-build/manifest/');
  } catch (cause) {
    if (cause instanceof SyntaxError) return false;
    throw cause;
  }
}
