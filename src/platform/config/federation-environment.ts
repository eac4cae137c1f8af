import type { VariableReader } from './key-provider-environment.js';
import type { FederationSettings, ProviderSettings } from './settings.js';

/** FranceConnect and ProConnect name the person; nothing more is asked for than that. */
const SCOPE = 'openid';

/** Both providers, each off unless its issuer is set. */
export function readFederation(
  read: VariableReader,
  publicUrl: string,
  isProduction: boolean,
): FederationSettings {
  const provider = (name: 'PROCONNECT' | 'FRANCECONNECT'): ProviderSettings | undefined => {
    if (read.text(`${name}_ISSUER`) === '') return undefined;
    const issuer = read.url(`${name}_ISSUER`, ['https:', 'http:']);
    read.expect(
      `${name}_ISSUER`,
      issuer.startsWith('https:') || (!isProduction && isLoopback(issuer)),
      'an https: URL; http: on this machine only, and not in production',
    );
    const acr = read.text(`${name}_ACR`).split(/\s+/).filter(Boolean);
    read.expect(`${name}_ACR`, acr.length > 0, 'one authentication level at least');
    return {
      issuer,
      clientId: read.required(`${name}_CLIENT_ID`),
      clientSecret: read.required(`${name}_CLIENT_SECRET`),
      scope: SCOPE,
      signature: read.oneOf(`${name}_SIGNATURE`, ['ES256', 'RS256']),
      acr,
    };
  };
  const asked = read.text('FEDERATION_RETURN_URL');
  const returnUrl = asked || `${publicUrl}/welcome`;
  read.expect(
    'FEDERATION_RETURN_URL',
    // The default is as good as PUBLIC_URL, which is looked at by itself.
    asked === '' ||
      (URL.canParse(returnUrl) &&
        new URL(returnUrl).hash === '' &&
        (!isProduction || returnUrl.startsWith('https:'))),
    'a URL without a fragment, https: in production',
  );
  return { returnUrl, proconnect: provider('PROCONNECT'), franceconnect: provider('FRANCECONNECT') };
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}
