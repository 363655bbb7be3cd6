import { printable } from './printable.ts';

/**
 * Every error a user can meet, in one place: code, HTTP status, wire name and text. The wire names and some of
 * the texts are compared by published clients, so they are part of the API.
 */
type Detail = Readonly<Record<string, string | number>>;

interface Entry {
  readonly status: number;
  /** The `error.name` of the wire contract. */
  readonly name: string;
  readonly text: (detail: Detail) => string;
}

const argument = (text: (d: Detail) => string): Entry => ({ status: 400, name: 'APIArgumentError', text });
const prerequisite = (text: string): Entry => ({ status: 403, name: 'PrerequisiteError', text: () => text });
export const notAllowed = (text: (d: Detail) => string): Entry => ({
  status: 403,
  name: 'OperationNotAllowedError',
  text,
});
const notFound = (text: (d: Detail) => string): Entry => ({ status: 404, name: 'APINotFoundError', text });

export const catalogue = {
  // Requests
  ARGUMENT_INVALID: argument(
    (d) => `${d.field} is invalid: ${d.rule}${d.value === undefined ? '' : `, not ${d.value}`}`,
  ),
  ARGUMENT_MISSING: argument((d) => `${d.field} is missing`),
  BODY_MALFORMED: argument((d) => `The request body is not valid JSON: ${d.reason}`),
  UNAUTHORIZED: { status: 401, name: 'UnauthorizedError', text: () => 'Invalid or expired token' },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    name: 'UnauthorizedError',
    text: (d) => `Too many failed attempts. Try again in ${d.seconds} s.`,
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    name: 'APIArgumentError',
    text: (d) => `Too many requests from this address. Try again in ${d.seconds} s.`,
  },
  PATH_NOT_FOUND: notFound((d) => `${d.method} ${d.path} is not part of this API`),
  METHOD_NOT_ALLOWED: {
    status: 405,
    name: 'APIArgumentError',
    text: (d) => `${d.method} is not allowed on ${d.path}. Allowed: ${d.allowed}`,
  },
  BODY_TOO_LARGE: {
    status: 413,
    name: 'APIArgumentError',
    text: (d) => `The request body is larger than ${d.limit} bytes`,
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    name: 'APIArgumentError',
    text: (d) => `A body of type ${d.type} is not understood here. Send it as ${d.wanted}`,
  },
  REQUEST_MALFORMED: argument((d) => `The request could not be read: ${d.reason}`),
  REQUEST_FOREIGN: notAllowed(() => 'A page of another site may not change anything here'),
  HOST_NOT_ALLOWED: notAllowed(
    (d) =>
      `The console is not open under the name ${d.host}. Use the address of the controller, or add the name to its console hosts`,
  ),
  PERMISSION_MISSING: notAllowed((d) => `These credentials do not allow this: ${d.permission} is needed`),
  INTERNAL: {
    status: 500,
    name: 'StandardError',
    text: (d) => `Internal error, see the log for ${d.reference}`,
  },
  APPLIER_UNAVAILABLE: {
    status: 500,
    name: 'StandardError',
    text: (d) => `The change was stored but could not be applied: ${d.reason}`,
  },

  // Console
  CONSOLE_DISABLED: notAllowed(
    () => 'The console of this controller is disabled. PUT /api/admin_ui with enabled: true opens it again',
  ),
  LOGIN_FAILED: { status: 401, name: 'UnauthorizedError', text: () => 'Wrong user name or password' },
  SETUP_CLOSED: notAllowed(() => 'The console was set up already'),
  SETUP_CODE_WRONG: notAllowed(
    () => 'This is not the set-up code. `meshwright credentials` on the controller shows it',
  ),
  PASSWORD_CHANGE_NEEDED: notAllowed(() => 'Choose a password of your own first'),
  PASSWORD_WRONG: notAllowed(() => 'This is not the current password'),
  SECOND_FACTOR_NEEDED: {
    status: 401,
    name: 'UnauthorizedError',
    text: () => 'The code of the second factor is needed. Programs of this user need an access token',
  },
  SECOND_FACTOR_WRONG: {
    status: 401,
    name: 'UnauthorizedError',
    text: () => 'This code is wrong, too old or was used before',
  },
  SECOND_FACTOR_NONE: argument(() => 'Begin with the second factor first'),
  SECOND_FACTOR_ON: argument(() => 'The second factor is on already. Turn it off first'),

  // Single sign-on
  SSO_OFF: notAllowed(() => 'Login through a provider is not set up'),
  SSO_FORGOTTEN: notAllowed(() => 'This login was not begun in this browser, or took too long: try again'),
  SSO_FAILED: notAllowed(() => 'The login at the provider failed; the log of the controller says why'),
  SSO_NO_ROLE: notAllowed(() => 'None of your groups has a role here'),

  // HTTPS certificate
  SSL_MISSING: argument((d) => String(d.missing)),
  SSL_NOTHING_UPLOADED: argument(() => 'Upload a certificate and its key first'),
  SSL_JOB_UNKNOWN: notFound((d) => `Unknown Job ID: ${d.uuid}`),

  // Users, tokens, access URLs
  USER_UNKNOWN: notFound(() => 'There is no such user'),
  USER_LAST_ADMIN: notAllowed(
    () => 'This is the last administrator who can log in here with a password: make another one first',
  ),
  USER_IS_FOREIGN: notAllowed((d) => `${d.name} logs in through single sign-on and has no password here`),
  SESSION_UNKNOWN: notFound(() => 'There is no such session'),
  SESSION_ONLY: notAllowed(() => 'Only a user who is logged in to the console can do this for himself'),
  TOKEN_UNKNOWN: notFound(() => 'Requested api token does not exist'),
  ACCESS_URL_UNKNOWN: notFound(() => 'Invalid or missing access url'),
  ACCESS_URL_REFUSED: {
    status: 401,
    name: 'UnauthorizedError',
    text: () => 'This access URL is unknown, over or used up',
  },
  EXPIRES_RANGE: argument((d) => `expires range must be between 60 and ${d.last}`),
  GRANTS_TOO_MANY: notAllowed((d) => `There are ${d.limit} already: delete some first`),

  // Peering. The texts are those of the wire contract; what exactly is wrong travels as `why`.
  PEER_SELF_INVALID: argument(() => 'id is invalid'),
  PEER_NEW_ID_INVALID: argument((d) => `${d.id} is an invalid controller id`),
  PEER_ID_INVALID: argument((d) => `${d.id} is invalid as controller id.`),
  PEERING_CHANGED: notAllowed(
    () =>
      'Nothing was saved, because the peering table was changed meanwhile, e.g. by a controller that joined. Look at it again, then save',
  ),

  // Routes
  ROUTE_UNKNOWN: argument(() => 'bad route id or route not found'),
  ROUTES_TOO_MANY: notAllowed((d) => `A controller holds at most ${d.limit} routes`),

  // Firewall. The texts of unknown and existing things are those of the wire contract.
  RULE_INVALID: argument((d) => `${d.why}, in rule: ${d.rule}`),
  RULE_UNKNOWN: notFound((d) => `rule does not exist: ${d.id}`),
  RULE_TEXT_UNKNOWN: argument((d) => `There is no such rule: ${d.rule}`),
  RULE_POSITION_BEYOND: argument((d) => `position ${d.position} exceeds the number of rules, ${d.count}`),
  RULES_TOO_MANY: notAllowed((d) => `A controller holds at most ${d.limit} firewall rules`),
  RULES_JSON: argument((d) => `rules is invalid: ${d.reason}`),
  RULE_GROUP_UNKNOWN: argument((d) => `groups is invalid: group ${d.name} does not exist`),
  RULE_GROUP_MISSING: notFound((d) => `group does not exist: ${d.name}`),
  RULE_GROUP_EXISTS: argument((d) => `Group with name ${d.name} already exists`),
  FWSET_UNKNOWN: notFound((d) => `Fwset does not exist: ${d.name}`),
  FWSET_EXISTS: argument((d) => `Fwset with name ${d.name} already exists`),
  FWSET_ENTRY_INVALID: argument((d) => `entry ${d.entry} of ${d.name} ${d.why}`),
  FWSET_ENTRY_EXISTS: argument((d) => `Fwset ${d.name} already has the entry ${d.entry}`),
  FWSET_ENTRY_UNKNOWN: argument((d) => `Fwset ${d.name} has no entry ${d.entry}`),
  FWSETS_TOO_MANY: notAllowed((d) => `A controller holds at most ${d.limit} sets`),
  SUBTABLE_UNKNOWN: notFound((d) => `Subtable does not exist: ${d.name}`),
  SUBTABLE_EXISTS: argument((d) => `Subtable with name ${d.name} already exists`),
  SUBTABLE_RULE_FOREIGN: argument((d) => `Rule "${d.rule}" must start with name of subtable ${d.name}`),
  SUBTABLES_TOO_MANY: notAllowed((d) => `A controller holds at most ${d.limit} subtables`),
  SUBGROUP_PREFIX: argument((d) => `name is invalid: a subgroup begins with one of ${d.prefixes}`),
  SUBGROUP_IN_USE: {
    status: 410,
    name: 'APINotFoundError',
    text: (d) => `${d.name} is in use by ${d.users}`,
  },
  STILL_IN_USE: argument(
    (d) => `${d.what} is in use and cannot be deleted. force disables what uses it: ${d.users}`,
  ),
  FIREWALL_REFUSED: argument((d) => `The firewall does not accept this: ${d.reason}`),
  FIREWALL_TEST_FAILED: argument(
    (d) => `Nothing was changed, because a rule test fails: ${d.name} must ${d.expected}, but ${d.got}`,
  ),
  FIREWALL_UNAVAILABLE: {
    status: 500,
    name: 'StandardError',
    text: (d) => `Nothing was changed, because the change could not be checked: ${d.reason}`,
  },
  FIREWALL_SILENT: {
    status: 500,
    name: 'StandardError',
    text: (d) => `The firewall could not be asked: ${d.reason}`,
  },
  FIREWALL_UNCONFIRMED: argument(
    (d) => `Another change waits for its confirmation for ${d.seconds} s more: confirm or cancel it first`,
  ),
  FIREWALL_NOTHING_PENDING: argument(() => 'No firewall change waits for confirmation'),
  FIREWALL_ACTION_UNKNOWN: argument(
    (d) => `action is invalid: must be reset_connection_tracking, not "${d.action}"`,
  ),

  // Variables
  VARIABLE_UNKNOWN: notFound((d) => `Custom variable ${d.name} does not exist`),
  VARIABLE_EXISTS: argument((d) => `Custom variable ${d.name} already exists`),
  VARIABLES_TOO_MANY: notAllowed((d) => `A controller holds at most ${d.limit} custom variables`),

  // Server
  PASSWORD_INVALID: argument(() => 'Invalid password'),
  NOTHING_TO_DO: argument(() => 'Nothing to do'),
  TASK_UNKNOWN: notFound(() => 'Unknown task token'),
  INTERFACE_UNKNOWN: notFound(() => 'System interface not found'),
  LINK_HISTORY_INVALID: argument((d) => `bad or invalid ${d.field}`),
  NOT_SUPPORTED: notAllowed((d) => `${d.what} not available`),

  // Prerequisites
  NOT_LICENSED: prerequisite('Must be licensed first.'),
  KEYSET_MISSING: prerequisite('Keyset is missing'),

  // Addressing
  PARAMETERS_MISSING: argument(
    () => 'Give default: true, or the parameters: subnet, managers, asns, clients, my_manager_vip',
  ),
  PARAMETERS_CONFLICT: argument((d) => `default is true, so ${d.field} must not be given`),
  CUSTOM_ADDRESSING_NOT_LICENSED: notAllowed(
    () => 'This license does not allow custom addressing; give default: true',
  ),
  SUBNET_INVALID: argument((d) => `subnet ${d.value} is invalid: ${d.rule}`),
  SUBNET_RESERVED: argument(
    (d) => `subnet ${d.subnet} overlaps ${d.reserved}, which is reserved for ${d.use}`,
  ),
  SUBNET_OVERLAPS_LOCAL: argument(
    (d) => `subnet ${d.subnet} overlaps ${d.local}, the network of ${d.interface} on this machine`,
  ),
  SUBNET_TOO_SMALL: argument(
    (d) =>
      `subnet ${d.subnet} has ${d.free} free addresses, but ${d.needed} more are needed: choose a larger subnet or fewer addresses`,
  ),
  SUBNET_SHRINKS: argument(
    (d) => `subnet ${d.subnet} does not contain ${d.current}, the subnet that is in use`,
  ),
  VIP_FIXED: argument((d) => `my_manager_vip cannot become ${d.value}: clients use ${d.current} already`),
  VIP_IN_USE: argument((d) => `my_manager_vip ${d.address} is also the address of ${d.holder}`),
  ADDRESS_INVALID: argument((d) => `${d.field} is invalid: "${d.value}" is not an IPv4 address`),
  ADDRESS_RANGE_BACKWARDS: argument(
    (d) => `${d.field} is invalid: the range ${d.value} ends before it starts`,
  ),
  ADDRESS_OUTSIDE_SUBNET: argument(
    (d) => `${d.field} is invalid: ${d.address} is outside of subnet ${d.subnet}`,
  ),
  ADDRESS_IS_NETWORK: argument(
    (d) => `${d.field} is invalid: ${d.address} is the network address of ${d.subnet}`,
  ),
  ADDRESS_IS_BROADCAST: argument(
    (d) => `${d.field} is invalid: ${d.address} is the broadcast address of ${d.subnet}`,
  ),
  ADDRESS_DUPLICATE: argument((d) => `${d.field} is invalid: ${d.address} is listed twice`),
  CLIENT_IS_CONTROLLER: argument(
    (d) => `clients is invalid: ${d.address} is the address of controller ${d.id}`,
  ),
  TOO_MANY_CONTROLLERS: argument(
    (d) => `managers is invalid: ${d.count} controllers, but the license grants ${d.granted}`,
  ),
  TOO_MANY_CLIENTS: argument(
    (d) => `clients is invalid: ${d.count} clients, but the license grants ${d.granted}`,
  ),
  ASN_NOT_A_NUMBER: argument((d) => `invalid asns field: "${d.value}" is not a number`),
  ASN_OUT_OF_RANGE: argument((d) => `invalid asns field: ${d.value} is not between 1 and ${d.last}`),
  ASN_DUPLICATE: argument((d) => `invalid asns field: ${d.asn} is used twice`),
  ASN_COUNT: argument((d) => `invalid asns field: ${d.count} ASNs for ${d.controllers} controllers`),

  // License
  LICENSE_MALFORMED: argument((d) => `Bad license: ${d.reason}`),
  LICENSE_TAMPERED: argument(
    () => 'Bad license: its signature does not match, the text was changed after it was issued',
  ),
  LICENSE_EXPIRED: argument((d) => `Bad license: it expired on ${d.date}`),
  LICENSE_NOT_YET_VALID: argument(
    (d) => `Bad license: it was issued on ${d.date}, but the clock of this controller says ${d.clock}`,
  ),
  LICENSE_AUTHORITY_UNKNOWN: argument(
    (d) => `Bad license: its authority ${d.authority} is not trusted by this controller`,
  ),
  LICENSE_AUTHORITY_FILE: argument(
    (d) => `The authority file ${d.file} is not an Ed25519 public key in PEM form`,
  ),
  LICENSE_FINAL: argument(
    () => 'A license is in force and its parameters were accepted: upload an upgrade instead',
  ),
  LICENSE_PARAMETERS_FINAL: argument(
    () => 'The parameters of this license were accepted and cannot be changed',
  ),
  LICENSE_UPGRADE_OTHER_AUTHORITY: argument(
    () => 'Bad license: an upgrade must be issued by the authority of the license in force',
  ),
  LICENSE_UPGRADE_OTHER_LICENSE: argument(
    (d) => `Bad license: it upgrades license ${d.upgrades}, but ${d.current} is in force`,
  ),
  LICENSE_UPGRADE_IN_FORCE: argument(() => 'Bad license: it is in force already'),
  LICENSE_UPGRADE_SMALLER: argument(
    (d) =>
      `Bad license: it grants ${d.granted} ${d.what}, fewer than the ${d.current} of the license in force`,
  ),

  // Keyset
  KEYSET_EXISTS: argument(() => 'Keyset already exists.'),
  KEYSET_IN_PROGRESS: argument(() => 'Keyset setup in progress.'),
  KEYSET_GENERATION_FAILED: {
    status: 500,
    name: 'StandardError',
    text: (d) => `The keyset could not be generated: ${d.reason}`,
  },
  TOKEN_TOO_LONG: argument((d) => `token is invalid: it has more than ${d.limit} characters`),
  SOURCE_INVALID: argument((d) => `source is invalid: "${d.value}" - ${d.rule}`),
  DIAL_REFUSED: argument((d) => `${d.field} is invalid: ${d.reason}`),
  FETCH_NAME_UNKNOWN: argument((d) => `The name ${d.source} could not be resolved`),
  FETCH_REFUSED: argument(
    (d) => `${d.source} refused the connection to TCP port ${d.port}: is a controller running there?`,
  ),
  FETCH_UNREACHABLE: argument(
    (d) =>
      `${d.source} did not answer on TCP port ${d.port}: check routing, firewalls and security groups on the way`,
  ),
  FETCH_NOT_A_CONTROLLER: argument(
    (d) => `${d.source} answers on TCP port ${d.port}, but not like a controller: ${d.reason}`,
  ),
  FETCH_ALTERED: argument((d) => `The answer of ${d.source} was changed on the way or is not complete`),
  FETCH_UNREADABLE: argument(
    (d) => `The keyset of ${d.source} (Meshwright ${d.version}) cannot be read by this version`,
  ),
  FETCH_CLOCK_DIFFERENCE: argument(
    (d) =>
      `The clocks of this controller and ${d.source} differ by ${d.seconds} s; at most ${d.limit} s are accepted`,
  ),
  FETCH_LICENSE_REFUSED: argument((d) => `The license of ${d.source} cannot be used here. ${d.reason}`),
  EXCHANGE_WRONG_TOKEN: argument(() => 'The security token is not the one the keyset was generated with'),
  EXCHANGE_NO_KEYSET: argument(() => 'The source has no keyset yet: generate it there first'),
  EXCHANGE_VERSION: argument(
    (d) => `The source runs Meshwright ${d.theirs} and this controller ${d.ours}: the major versions differ`,
  ),
  EXCHANGE_BUSY: argument(
    () => 'The source is serving too many keyset requests at once: try again in half a minute',
  ),
  EXCHANGE_UNKNOWN: argument(() => 'The keyset exchange is unknown or took too long'),

  // Clientpacks. The first texts are those of the wire contract.
  PACK_NAME_MISSING: argument(() => 'name argument must be set'),
  PACK_UNKNOWN: argument((d) => `Clientpack named '${d.name}' does not exist`),
  PACK_NOT_FOUND: notFound((d) => `Clientpack named '${d.name}' does not exist`),
  TAG_KEY_INVALID: argument((d) => `bad tag key: ${d.key} (${d.rule})`),
  TAGS_TOO_MANY: notAllowed((d) => `A clientpack holds at most ${d.limit} tags`),
  CLIENT_HOLDER_SILENT: notAllowed(
    (d) =>
      `Overlay IP address ${d.address} is connected to controller ${d.holder}, which does not answer: its session goes on`,
  ),
  CLIENT_NOT_CONNECTED: argument((d) => `Overlay IP address ${d.address} is not connected`),
  PACKS_NO_ROOM: notAllowed((d) => `Not enough room in license for ${d.count} more clientpacks.`),
  PACK_ADDRESS_TAKEN: argument((d) => `requested_ips is invalid: ${d.address} ${d.why}`),
  PACK_FORMAT_UNKNOWN: argument((d) => `fileformat is invalid: ${d.value} is not one of ${d.known}`),
  PACK_PENDING: notAllowed(
    (d) =>
      `Clientpack ${d.name} has no credentials yet: controller ${d.home} makes them once it can be reached`,
  ),
  PACK_NOWHERE: prerequisite(
    'No controller has told where clients reach it yet: set "this instance", or a client address',
  ),
  PACKS_NONE: notAllowed(() => 'No clientpack is available: all in this range are checked out or disabled'),
  PACKS_ELSEWHERE: notAllowed(
    (d) =>
      `No clientpack of this controller's share is available, and controllers that have some cannot be reached: ${d.homes}`,
  ),
  PACK_HOME_UNREACHABLE: notAllowed(
    (d) =>
      `Only controller ${d.home} may hand out clientpack ${d.name}, and it does not answer. If it is gone for good, take over its share`,
  ),
  PACK_KEEPER_UNREACHABLE: notAllowed(
    (d) =>
      `Controller ${d.keeper} makes new clientpacks, and it does not answer. If it is gone for good, take over its share`,
  ),
  PACK_HOME_CHANGED: notAllowed(
    (d) => `Clientpack ${d.name} was passed to another controller at this moment. Try again`,
  ),
  PACK_HOME_ALIVE: argument((d) => `id is invalid: controller ${d.id} answers, so its share stays with it`),
  PACK_CONTROLLER_UNKNOWN: argument(
    (d) => `id is invalid: ${d.id} is not another controller of the topology`,
  ),
  PACK_SELF_NEEDED: prerequisite('Set "this instance" in the peering form first'),
  GRANT_INVALID: argument((d) => `networks is invalid: ${d.network} ${d.rule}`),
  CLIENT_ADDRESS_INVALID: argument((d) => `client_address is invalid: ${d.rule}`),
  DRAIN_LAST: notAllowed(
    (d) => `Controller ${d.id} cannot be drained: its clients would have no other controller to go to`,
  ),
  LOAD_CONTROLLER_UNKNOWN: argument((d) => `id is invalid: ${d.id} is not a controller of the topology`),
  LINK_UNKNOWN: notFound((d) => `Link ${d.id} does not exist`),
  LINK_EXISTS: argument((d) => `id is invalid: link ${d.id} exists already`),
  LINK_CONF_INVALID: argument((d) => `conf is invalid: ${d.rule}`),
  LINK_TAG_UNKNOWN: notFound((d) => `The link has no tag ${d.key}`),

  // Joining
  JOIN_CODE_MALFORMED: argument(() => 'code is invalid: a join code starts with "mwjoin1." and is one line'),
  JOIN_CODE_UNKNOWN: notAllowed(() => 'This join code is not valid here: wrong, expired or revoked'),
  JOIN_CODE_USED: notAllowed(() => 'This join code was used by another machine'),
  JOIN_ID_TAKEN: argument((d) => `id is invalid: controller ${d.id} is already part of the topology`),
  JOIN_ID_UNLICENSED: argument(
    (d) => `id is invalid: ${d.id} is not one of the ${d.count} licensed controllers`,
  ),
  JOIN_ISSUER_HAS_NO_ID: prerequisite('Set "this instance" before inviting other controllers'),
  JOIN_NOT_FRESH: notAllowed(() => 'This controller already belongs to a topology'),
  JOIN_IN_PROGRESS: notAllowed(() => 'Joining is already in progress'),
  JOIN_ISSUER_UNREACHABLE: argument(
    (d) => `The controller that issued the code cannot be reached (${d.reasons})`,
  ),
  JOIN_REFUSED: argument((d) => `The controller that issued the code refused: ${d.reason}`),
  JOIN_CLOCK: argument(
    (d) => `The clocks differ by ${d.seconds} s, more than five minutes; set this machine's clock`,
  ),
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof catalogue;

/** An error that is meant for a user. Everything else that is thrown is a defect and becomes INTERNAL. */
export class MeshwrightError extends Error {
  readonly code: ErrorCode;
  readonly detail: Detail;

  constructor(code: ErrorCode, detail: Detail = {}) {
    super((catalogue[code] as Entry).text(detail));
    this.name = 'MeshwrightError';
    this.code = code;
    this.detail = detail;
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  get wireName(): string {
    return catalogue[this.code].name;
  }

  /** The request field that is at fault, when there is one. */
  get field(): string | undefined {
    return this.detail.field === undefined ? undefined : String(this.detail.field);
  }
}

/**
 * Shorthand for the commonest error: a field whose value breaks a rule. The text names all three; the value stays away where
 * the rule names it already, where it is a secret, and where it is long.
 */
export function invalid(field: string, rule: string, value?: unknown): MeshwrightError {
  return new MeshwrightError('ARGUMENT_INVALID', {
    field,
    rule,
    ...(value === undefined
      ? {}
      : { value: typeof value === 'string' ? `"${printable(value)}"` : printable(value) }),
  });
}
