export type Behaviour =
  | {
      kind: 'git';
      repository: string;
      allowFilter?: boolean;
      delayMs?: number;
      dropAfter?: number;
      singles?: boolean;
    }
  | { kind: 'dumb'; repository: string }
  | { kind: 'html'; body?: string }
  | { kind: 'status'; status: number; retryAfter?: number; times?: number; then?: Behaviour }
  | { kind: 'hang' }
  | { kind: 'stall' }
  | { kind: 'redirect'; to: string };

export interface SeenRequest {
  method: string;
  path: string;
  status: number | null;
  bytes: number;
  behaviour: string;
}

/** An HTTP server on loopback that plays git mirrors; see git-server.mjs for each behaviour. */
export function startGitServer(
  routes: Record<string, Behaviour>,
): Promise<{ url: string; requests: SeenRequest[]; close: () => Promise<void> }>;

/** A bare copy of a repository, as servers have it. Returns `to`. */
export function makeBare(from: string, to: string): string;
