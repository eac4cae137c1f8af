export { Agencies, type Agency } from './agencies.js';
export { AgenciesModule } from './agencies.module.js';
export { AgencyGuard, Scopes } from './agency.guard.js';
export { SIGNATURE_ALGORITHMS } from './algorithms.js';
export { AuthorizationServer } from './authorization-server/authorization-server.js';
export { ENDPOINTS } from './authorization-server/configuration.js';
export { parseKeySet } from './clients/client-keys.js';
export { Clients } from './clients/clients.js';
export { AGENCY_SCOPES } from './scopes.js';
