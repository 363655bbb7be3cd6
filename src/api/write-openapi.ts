import { writeFileSync } from 'node:fs';
import { documentationText } from './documentation.ts';
import { documentedMeshRoutes } from './mesh-routes.ts';
import { OPENAPI_FILE } from './resources/openapi-document.ts';

writeFileSync(OPENAPI_FILE, await documentationText(documentedMeshRoutes));
