import type { KeysetExchangeServer } from '../keyset/exchange-server.ts';
import type { KeysetService } from '../keyset/keyset-service.ts';
import type { LicenseService } from '../license/license-service.ts';
import type { JoinIssuer } from '../mesh/join-issuer.ts';
import type { Joiner } from '../mesh/joiner.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { DiagnosticBundle } from '../observe/diagnostics.ts';
import type { DoctorCheck } from '../observe/doctor-check.ts';
import type { EventLog } from '../observe/event-log.ts';
import type { LinkHistory } from '../observe/history.ts';
import type { MeshStatus, MeshSummary } from '../observe/mesh-status.ts';
import type { LookUp } from '../peering/look-up.ts';

/** What Meshwright's own resources need, beyond the wire-compatible ones. */
export interface NativeContext {
  readonly mesh: Mesh;
  readonly events: EventLog;
  readonly issuer: JoinIssuer;
  readonly joiner: Joiner;
  readonly exchange: KeysetExchangeServer;
  readonly license: LicenseService;
  readonly keyset: KeysetService;
  readonly history: LinkHistory;
  readonly lookUp: LookUp;
  status(): MeshStatus;
  /** The same without routes. */
  summary(): MeshSummary;
  doctor(): Promise<DoctorCheck[]>;
  diagnostics(): Promise<DiagnosticBundle>;
  /** The root of what members derive; null without a keyset. */
  helloSecret(): Buffer | null;
  /** Tells open streams that the API is about to go through its restart window. */
  onRestarting(listener: (seconds: number) => void): () => void;
}
