import { Settings } from '../../src/platform/config/settings.js';
import { IdentityProvider } from './identity-provider.js';
import { type Sceau, startSceau } from './sceau.js';

export interface Federated {
  readonly sceau: Sceau;
  readonly proconnect: IdentityProvider;
  readonly franceconnect: IdentityProvider;
  stop(): Promise<void>;
}

/** The whole product with both providers beside it. */
export async function startFederated(): Promise<Federated> {
  const providers: IdentityProvider[] = [];
  const sceau = await startSceau({
    adjust: async (settings) => {
      const franceconnect = await IdentityProvider.start('franceconnect', settings.publicUrl, ['eidas1']);
      const proconnect = await IdentityProvider.start('proconnect', settings.publicUrl, ['eidas2', 'eidas3']);
      providers.push(franceconnect, proconnect);
      const federation = {
        returnUrl: settings.federation.returnUrl,
        franceconnect: franceconnect.settings,
        proconnect: proconnect.settings,
      };
      return new Settings({ ...settings, federation });
    },
  });
  const [franceconnect, proconnect] = providers;
  if (franceconnect === undefined || proconnect === undefined) throw new Error('Both have started.');
  return {
    sceau,
    franceconnect,
    proconnect,
    async stop() {
      await sceau.stop();
      await franceconnect.stop();
      await proconnect.stop();
    },
  };
}
