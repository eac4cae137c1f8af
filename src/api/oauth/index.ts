export { mountAuthorizationServer } from './mount.js';
export { OAuthApiModule } from './oauth-api.module.js';
