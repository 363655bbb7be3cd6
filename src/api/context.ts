import type { FastifyPluginAsync } from 'fastify';
import type { Access } from '../access/access.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clientpacks } from '../clientpack/clientpacks.ts';
import type { ApiPassword } from '../controller/api-password.ts';
import type { Names } from '../controller/names.ts';
import type { Tasks } from '../controller/tasks.ts';
import type { Observed } from '../desired/observed.ts';
import type { FirewallService } from '../firewall/firewall-service.ts';
import type { LogStream } from '../firewall/log-stream.ts';
import type { SyncConflict } from '../firewall/shared-items.ts';
import type { HttpsCertificate } from '../https/https-certificate.ts';
import type { IdentityStore } from '../identity/identity-settings.ts';
import type { RoleMappings } from '../identity/role-mapping.ts';
import type { SingleSignOn } from '../identity/single-sign-on.ts';
import type { LinkService } from '../links/link-service.ts';
import type { PeeringService } from '../peering/peering-service.ts';
import type { RouteService } from '../routes/route-service.ts';
import type { Addressing } from '../topology/addressing.ts';
import type { AddressingParameters } from '../topology/addressing-parameters.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import type { Principal } from './permission.ts';

export interface LicenseApi {
  upload(text: string): object;
  /** Throws NOT_LICENSED when no licence was uploaded. */
  show(): object;
  /** `restart`: whether the API has to go through its restart window after the answer. */
  acceptParameters(parameters: AddressingParameters): { readonly body: object; readonly restart: boolean };
  upgrade(text: string): object;
  /** Throws NOT_LICENSED until the licence's parameters were accepted. */
  requireLicensed(): unknown;
  /** Null until the licence's parameters were accepted. */
  addressing(): Addressing | null;
}

export interface KeysetRequest {
  readonly token?: string | undefined;
  readonly source?: string | undefined;
  readonly topology_name?: string | undefined;
  readonly sealed_network?: boolean | undefined;
}

export interface KeysetApi {
  /** The wire form. Throws NOT_LICENSED only while unlicensed and idle. */
  status(): object;
  start(request: KeysetRequest): object | Promise<object>;
}

/** Where clients reach controllers: the address that packs name. */
export interface ClientAddressApi {
  /** What was set here; null while clients use the machine's own address. */
  own(): string | null;
  set(address: string | null): void;
  /** What any controller says about itself. */
  of(id: ControllerId): string | null;
}

/** Everything that the API needs of the rest of the controller. */
export interface ApiContext {
  readonly license: LicenseApi;
  readonly keyset: KeysetApi;
  readonly peering: PeeringService;
  readonly routes: RouteService;
  readonly firewall: FirewallService;
  readonly firewallLog: LogStream;
  /** Shared sets, variables and groups whose last change overrode another one unseen. */
  syncConflicts(): SyncConflict[];
  readonly names: Names;
  readonly apiPassword: ApiPassword;
  /** The console's user, sessions, and the names it answers to. */
  readonly access: Access;
  readonly audit: Audit;
  readonly certificate: HttpsCertificate;
  readonly tasks: Tasks;
  readonly clientpacks: Clientpacks;
  readonly links: LinkService;
  readonly clientAddress: ClientAddressApi;
  readonly identity: IdentityStore;
  readonly roleMappings: RoleMappings;
  readonly singleSignOn: SingleSignOn;
  /** Further tokens, of programs that the controller itself starts. */
  readonly tokens?: { principal(token: string): Principal | null };
  topologyChecksum(): string;
  /** What the applier last reported; null before its first report. */
  observed(): Observed | null;
  /** BFD's truth about the link to a peer. */
  linkUp(peer: ControllerId): boolean;
  /** Compiles the stored intent and applies it. Rejects with APPLIER_UNAVAILABLE. */
  apply(): Promise<void>;
  /** Sends the API through its restart window once the current reply is out. */
  restart(reason: string): void;
  /** A defect, with the reference that the client was given. */
  defect(reference: string, error: unknown, request: string): void;
  /** Meshwright's own resources, registered below /api with the same rules. */
  readonly meshRoutes: readonly FastifyPluginAsync[];
  /** Folder of the built console; null serves none. */
  readonly webRoot: string | null;
}
