import { isRole, ROLES, type Role } from '../access/roles.ts';
import { invalid } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';

export interface RoleMapping {
  /** The claim that holds the groups. */
  readonly claim: string;
  readonly groups: readonly { readonly group: string; readonly role: Role }[];
}

const NONE: RoleMapping = { claim: 'groups', groups: [] };
const MAX_GROUPS = 200;

/** Which group elsewhere is which role here. Whoever is in none of them is not let in. */
export class RoleMappings {
  readonly #stored: Setting<RoleMapping>;

  constructor(db: Database) {
    this.#stored = new Setting(db, 'identity.roles');
  }

  get(): RoleMapping {
    return this.#stored.get() ?? NONE;
  }

  set(claim: string, groups: readonly { group: string; role: string }[]): void {
    if (!/^[\w:./-]{1,200}$/.test(claim)) throw invalid('claim', 'must be the name of a claim', claim);
    if (groups.length > MAX_GROUPS) throw invalid('groups', `at most ${MAX_GROUPS} groups`);
    const parsed = groups.map(({ group, role }, at) => {
      if (!isRole(role)) throw invalid(`groups[${at}].role`, 'must be admin, operator or viewer', role);
      if (group === '' || group.length > 255 || /\p{Cc}/u.test(group)) {
        throw invalid(`groups[${at}].group`, 'must be 1 to 255 printable characters', group);
      }
      return { group, role };
    });
    this.#stored.set({ claim, groups: parsed });
  }

  /** The highest role of somebody's groups; null when none of them has one. */
  roleOf(claims: Readonly<Record<string, unknown>>): Role | null {
    const { claim, groups } = this.get();
    // Own properties alone: a claim must not be found on the prototype of every object. And a list alone: a text is
    // what people may write themselves at some providers, such as their department.
    const told = Object.hasOwn(claims, claim) ? claims[claim] : null;
    const mine = new Set(Array.isArray(told) ? told.filter((one) => typeof one === 'string') : []);
    const roles = groups.filter(({ group }) => mine.has(group)).map(({ role }) => role);
    return ROLES.find((role) => roles.includes(role)) ?? null;
  }
}
