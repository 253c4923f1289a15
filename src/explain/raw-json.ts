import * as z from 'zod';

/** BuildKit's `--progress=rawjson`: one SolveStatus a line (BuildKit, client/graph.go). What is not needed is not read. */
const statusSchema = z.object({
  vertexes: z
    .array(
      z.object({
        digest: z.string(),
        name: z.string().optional(),
        completed: z.string().nullish(),
        cached: z.boolean().optional(),
        error: z.string().optional(),
      }),
    )
    .nullish(),
  logs: z.array(z.object({ vertex: z.string().optional(), data: z.string() })).nullish(),
});

export type RawStatus = z.infer<typeof statusSchema>;

/** The status in a line, or null where the line is none. Pure. */
export function readRawStatus(line: string): RawStatus | null {
  if (!line.startsWith('{') || !/"(?:vertexes|logs|statuses|warnings)":/u.test(line)) return null;
  try {
    return statusSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch (cause) {
    // A line that was cut is one to read as text.
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

/** The text of a log entry: bytes in base64. */
export function textOfLog(data: string): readonly string[] {
  return Buffer.from(data, 'base64').toString('utf8').split(/\r?\n/u);
}
