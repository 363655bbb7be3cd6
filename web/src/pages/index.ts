import { access } from './access/index.ts';
import { audit } from './audit/index.ts';
import { certificate } from './certificate/index.ts';
import { clientDetail } from './client-detail/index.ts';
import { clientpacks } from './clientpacks/index.ts';
import { credentials } from './credentials/index.ts';
import { doctor } from './doctor/index.ts';
import { firewall } from './firewall/index.ts';
import { firewallSets } from './firewall-sets/index.ts';
import { firewallVariables } from './firewall-variables/index.ts';
import { guide } from './guide/index.ts';
import { keyset } from './keyset/index.ts';
import { licence } from './licence/index.ts';
import { linkDetail } from './link-detail/index.ts';
import { linkHistory } from './link-history/index.ts';
import { nat } from './nat/index.ts';
import type { PageDefinition } from './page.ts';
import { peering } from './peering/index.ts';
import { routes } from './routes/index.ts';
import { runtimeStatus } from './runtime-status/index.ts';
import { system } from './system/index.ts';
import { topologyMap } from './topology-map/index.ts';
import { users } from './users/index.ts';

/** Every page of the console, in the order of the menu. A new one is a folder and a line here. */
export const pages: readonly PageDefinition[] = [
  runtimeStatus,
  guide,
  peering,
  clientpacks,
  clientDetail,
  keyset,
  licence,
  topologyMap,
  routes,
  firewall,
  firewallSets,
  firewallVariables,
  nat,
  linkHistory,
  linkDetail,
  system,
  doctor,
  credentials,
  users,
  access,
  certificate,
  audit,
];
