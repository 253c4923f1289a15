import * as z from 'zod';
import { errorPart, type Of } from './parts.ts';

/**
 * The schema of what `--json` says: a whole document, or one that failed: as far as it got, with `error`. From one text come the type
 * (`Whole`), the JSON Schema in schemas/, and the reader (`parse`).
 */
export function documentSchema<Shape extends z.ZodRawShape>(title: string, shape: Shape) {
  const whole = z.strictObject(shape);
  return z.union([whole, whole.partial().extend({ error: errorPart })]).meta({ title });
}

/** A whole document of these fields. */
export type Whole<Shape extends z.ZodRawShape> = Of<z.ZodObject<Shape, z.core.$strict>>;
