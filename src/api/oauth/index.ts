export { OAUTH_PATHS } from './contract.js';
export { mountAuthorizationServer } from './mount.js';
export { OAuthApiModule } from './oauth-api.module.js';
