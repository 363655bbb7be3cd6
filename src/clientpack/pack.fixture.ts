import type { Keyset } from '../keyset/keyset.ts';
import { newClients, newMaterial } from '../keyset/material.ts';
import { MemberChannel } from '../mesh/member-channel.ts';
import type { MemberLine } from '../mesh/member-line.ts';
import { MemberRequests } from '../mesh/member-requests.ts';
import { spreadTo } from '../mesh/membership.ts';
import { Records } from '../mesh/records.ts';
import { Replicator } from '../mesh/replicator.ts';
import type { Cidr, Ipv4 } from '../net/ipv4.ts';
import { Database } from '../store/database.ts';
import { type Addressing, defaultAddressing } from '../topology/addressing.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { PackBook } from './pack-book.ts';
import { PackHomes } from './pack-homes.ts';
import { PackMaker } from './pack-maker.ts';
import { PackService } from './pack-service.ts';
import { PackSharing } from './pack-sharing.ts';

export const FIRST = '100.127.255.193' as Ipv4;

/** The default addressing of a topology with this many clients. */
export function addressingWith(clients: number, controllers = 3): Addressing {
  return defaultAddressing({
    controllers,
    clients,
    overlaySubnet: '100.127.255.192/26' as Cidr,
    customAddressing: true,
  });
}

/** A keyset as it is after generation, without the part of the token that nobody here needs. */
export function testKeyset(clients: readonly string[]): Keyset {
  return { ...newMaterial(clients, new Date()), pake: { serverSetup: '', registrationRecord: '' } };
}

/** Makes credentials without a thread of its own, which would cost a test a second. */
export const generateHere = async (root: Pick<Keyset, 'uuid' | 'clientCa'>, clients: readonly string[]) =>
  newClients(root, clients, new Date());

export interface TestMember {
  readonly id: ControllerId;
  readonly records: Records;
  readonly book: PackBook;
  readonly service: PackService;
  readonly homes: PackHomes;
  readonly sharing: PackSharing;
  readonly maker: PackMaker;
  readonly line: MemberLine;
  readonly requests: MemberRequests;
  /** What this controller was told by its operator; an upgrade comes to each by itself. */
  addressing: Addressing;
  capacity: number;
}

/** Real members on loopback addresses, with mutual TLS between them, and links that can be cut. */
export class TestMembers {
  readonly members: TestMember[];
  readonly #replicators: Replicator[] = [];
  readonly #cut = new Set<string>();

  constructor(net: number, count: number, clients: number) {
    const keyset = testKeyset(addressingWith(clients).clients);
    this.members = Array.from({ length: count }, (_, at) =>
      this.#member(net, (at + 1) as ControllerId, count, clients, keyset),
    );
    for (const replicator of this.#replicators) replicator.start();
  }

  cut(a: number, b: number): void {
    this.#cut.add(`${a}-${b}`).add(`${b}-${a}`);
  }

  heal(): void {
    this.#cut.clear();
    for (const replicator of this.#replicators) replicator.syncAll();
  }

  /** Everybody exchanges records with everybody that can be reached. */
  async settle(): Promise<void> {
    for (let round = 0; round < 2; round++)
      for (const { line } of this.members)
        for (const other of line.reachable()) await line.meet(other).catch(() => undefined);
  }

  stop(): void {
    for (const replicator of this.#replicators) replicator.stop();
  }

  #member(net: number, id: ControllerId, count: number, clients: number, keyset: Keyset): TestMember {
    const addressOf = (other: number) => `127.77.${net}.${other}`;
    const records = new Records(new Database(':memory:'));
    const requests = new MemberRequests();
    const { certificate, privateKey } = keyset.members[id - 1]!;
    const identity = { id, cert: certificate, key: privateKey, ca: keyset.memberCa.certificate };
    const channel = new MemberChannel(identity, addressOf(id), records, requests);
    const others = () =>
      Array.from({ length: count }, (_, at) => (at + 1) as ControllerId)
        .filter((other) => other !== id && !this.#cut.has(`${id}-${other}`))
        .map((other) => ({ id: other, overlayAddress: addressOf(other) }));
    const replicator = new Replicator(channel, records, others);
    this.#replicators.push(replicator);
    const line: MemberLine = {
      self: () => id,
      reachable: () => others().map((other) => other.id),
      ask: async (kind, to, body, timeoutMs = 20_000) => {
        const member = others().find((other) => other.id === to);
        if (!member) throw new Error('the link is cut');
        return channel.ask(kind, member, body, timeoutMs);
      },
      meet: (to) => replicator.meet(to),
      spread: (withinMs = 20_000) => spreadTo(line.reachable(), (to) => replicator.meet(to), withinMs),
    };
    const state = { addressing: addressingWith(clients), capacity: clients };
    const book = new PackBook({
      records,
      addressing: () => member.addressing,
      capacity: () => member.capacity,
      keyset: () => keyset,
    });
    const member: TestMember = {
      id,
      records,
      book,
      line,
      requests,
      service: new PackService(book),
      homes: new PackHomes(book, line, requests),
      sharing: new PackSharing(book, line),
      maker: new PackMaker(book, line, generateHere),
      ...state,
    };
    return member;
  }
}
