/** What somebody may do, from everything down to looking. */
export const ROLES = ['admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

export const isRole = (text: unknown): text is Role => ROLES.includes(text as Role);

/** The lesser of two roles: what somebody hands on is never more than what he has. */
export function lesser(a: Role, b: Role): Role {
  return RANK[a] <= RANK[b] ? a : b;
}

/**
 * The least role that reads and the least that writes each area of permissions. Reading is for viewers only where no
 * answer holds a secret. What lets somebody in, hands out keys or stops the controller is for administrators. An
 * area that is missing here is theirs alone as well, and a test fails until somebody has thought about it.
 */
const AREAS: Readonly<Record<string, readonly [read: Role, write: Role]>> = {
  access: ['admin', 'admin'],
  audit: ['admin', 'admin'],
  certificate: ['viewer', 'admin'],
  /** The files hold keys: whoever has one is that client. */
  'clientpack-files': ['operator', 'admin'],
  clientpacks: ['viewer', 'operator'],
  config: ['viewer', 'operator'],
  diagnostics: ['operator', 'operator'],
  docs: ['viewer', 'admin'],
  firewall: ['viewer', 'operator'],
  identity: ['admin', 'admin'],
  interfaces: ['viewer', 'operator'],
  keyset: ['viewer', 'admin'],
  license: ['viewer', 'admin'],
  links: ['viewer', 'operator'],
  mesh: ['operator', 'admin'],
  password: ['admin', 'admin'],
  peering: ['viewer', 'operator'],
  probe: ['operator', 'operator'],
  routes: ['viewer', 'operator'],
  self: ['viewer', 'viewer'],
  server: ['admin', 'admin'],
  session: ['viewer', 'viewer'],
  status: ['viewer', 'operator'],
  ui: ['viewer', 'admin'],
  users: ['admin', 'admin'],
  variables: ['viewer', 'operator'],
};

/** Whether a role holds a permission such as `routes:write`. */
export function roleAllows(role: Role, permission: string): boolean {
  const [area = '', kind] = permission.split(':');
  const [read, write] = Object.hasOwn(AREAS, area) ? AREAS[area]! : (['admin', 'admin'] as const);
  return RANK[role] >= RANK[kind === 'read' ? read : write];
}

/** Whether somebody has decided who may use this permission. */
export const isDecided = (permission: string): boolean => Object.hasOwn(AREAS, permission.split(':')[0]!);
