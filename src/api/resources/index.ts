import { accessTokenRoutes } from './access-tokens.ts';
import { accessUrlRoutes } from './access-urls.ts';
import { adminUiRoutes } from './admin-ui.ts';
import { apiPasswordRoutes } from './api-password.ts';
import { auditRoutes } from './audit.ts';
import { clientpackRoutes } from './clientpack.ts';
import { clientpackDownloadRoutes } from './clientpack-download.ts';
import { clientpacksRoutes } from './clientpacks.ts';
import { cloudDataRoutes } from './cloud-data.ts';
import { configRoutes } from './config.ts';
import { containerRoutes } from './containers.ts';
import { firewallControlRoutes } from './firewall-control.ts';
import { firewallGroupRoutes } from './firewall-groups.ts';
import { firewallLogRoutes } from './firewall-log.ts';
import { firewallRulesRoutes } from './firewall-rules.ts';
import { firewallSetRoutes } from './firewall-sets.ts';
import { firewallSubtableRoutes } from './firewall-subtables.ts';
import { firewallV1Routes } from './firewall-v1.ts';
import { firewallV1SetRoutes } from './firewall-v1-sets.ts';
import { identityRoutes } from './identity.ts';
import { interfaceRoutes } from './interfaces.ts';
import { keysetRoutes } from './keyset.ts';
import { licenseRoutes } from './license.ts';
import { linkRoutes } from './links.ts';
import { localRoutes } from './local.ts';
import { managementServerRoutes } from './management-server.ts';
import { meshClientpackRoutes } from './mesh-clientpacks.ts';
import { meshControllerRoutes } from './mesh-controllers.ts';
import { meshPeeringRoutes } from './mesh-peering.ts';
import { openApiRoutes } from './openapi-document.ts';
import { peeringRoutes } from './peering.ts';
import type { Resource } from './resource.ts';
import { routesRoutes } from './routes.ts';
import { serverRoutes } from './server.ts';
import { sessionRoutes } from './session.ts';
import { sessionOidcRoutes } from './session-oidc.ts';
import { sessionTotpRoutes } from './session-totp.ts';
import { sessionsRoutes } from './sessions.ts';
import { statusRoutes } from './status.ts';
import { systemStatusRoutes } from './status-system.ts';
import { systemSslRoutes } from './system-ssl.ts';
import { userRoutes } from './users.ts';
import { variableRoutes } from './variables.ts';

export const resources: readonly Resource[] = [
  configRoutes,
  licenseRoutes,
  keysetRoutes,
  peeringRoutes,
  routesRoutes,
  firewallV1Routes,
  firewallV1SetRoutes,
  firewallRulesRoutes,
  firewallGroupRoutes,
  firewallSetRoutes,
  firewallSubtableRoutes,
  firewallControlRoutes,
  firewallLogRoutes,
  variableRoutes,
  interfaceRoutes,
  statusRoutes,
  systemStatusRoutes,
  serverRoutes,
  apiPasswordRoutes,
  adminUiRoutes,
  sessionRoutes,
  clientpacksRoutes,
  clientpackRoutes,
  clientpackDownloadRoutes,
  linkRoutes,
  sessionTotpRoutes,
  sessionsRoutes,
  userRoutes,
  accessTokenRoutes,
  accessUrlRoutes,
  auditRoutes,
  systemSslRoutes,
  identityRoutes,
  sessionOidcRoutes,
  cloudDataRoutes,
  managementServerRoutes,
  containerRoutes,
  meshPeeringRoutes,
  meshClientpackRoutes,
  meshControllerRoutes,
  localRoutes,
  openApiRoutes,
];
