export { Agencies, type Agency } from './agencies.js';
export { AgenciesModule } from './agencies.module.js';
export { AgencyGuard, Scopes } from './agency.guard.js';
export { AGENCY_SCOPES, AuthorizationServer } from './authorization-server/authorization-server.js';
export { CLIENT_ALGORITHMS } from './clients/client-keys.js';
export { Clients } from './clients/clients.js';
export type { ClientMetadata, JsonWebKeySet } from './persistence/places.js';
