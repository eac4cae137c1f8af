import type { FederationProvider } from '../../../platform/config/settings.js';
import type { Role } from '../persistence/places.js';

/** Who is recognised where, and what people call it. */
export const PROVIDERS: Readonly<
  Record<FederationProvider, { readonly name: string; readonly roles: readonly Role[] }>
> = {
  proconnect: { name: 'ProConnect', roles: ['auditor', 'operator'] },
  franceconnect: { name: 'FranceConnect', roles: ['candidate'] },
};
