/** The states of the keyset as the API shows them. */
export interface WireKeysetPresent {
  keyset_present: true;
  in_progress: false;
  checksum: string;
  created_at: string;
  created_at_i: number;
  uuid: string;
}

export interface WireKeysetRunning {
  keyset_present: false;
  in_progress: true;
  started_at: string;
  started_at_i: number;
  /** Seconds since the start. */
  running: number;
}

export interface WireKeysetIdle {
  keyset_present: false;
  in_progress: false;
}

export type WireKeysetStatus = WireKeysetPresent | WireKeysetRunning | WireKeysetIdle;

export function wireRunning(startedAt: number, nowMs: number): WireKeysetRunning {
  return {
    keyset_present: false,
    in_progress: true,
    started_at: text(startedAt),
    started_at_i: startedAt,
    running: Math.max(0, Math.floor(nowMs / 1000) - startedAt),
  };
}

export function wirePresent(uuid: string, createdAt: number, checksum: string): WireKeysetPresent {
  return {
    keyset_present: true,
    in_progress: false,
    checksum,
    created_at: text(createdAt),
    created_at_i: createdAt,
    uuid,
  };
}

function text(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}
