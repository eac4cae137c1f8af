import type { KMSClient } from '@aws-sdk/client-kms';
import type { KmsCredentials, KmsSettings } from '../../../platform/config/key-provider-settings.js';
import { faultOf } from './kms-faults.js';

type Sdk = typeof import('@aws-sdk/client-kms');

/** The AWS SDK with the client for one region. Installations with another provider never load it. */
export class KmsConnection {
  readonly #sdk: Sdk;
  readonly #client: KMSClient;

  private constructor(sdk: Sdk, client: KMSClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  static async open(settings: KmsSettings): Promise<KmsConnection> {
    const sdk = await import('@aws-sdk/client-kms');
    const { region, endpoint, credentials, timeoutMs } = settings;
    // Requests are bounded before they come here: waiting for a connection would count against an attempt's time.
    const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };
    const client = new sdk.KMSClient({
      region,
      // Repeating is decided in one place for all providers, and not here.
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: timeoutMs,
        requestTimeout: timeoutMs,
        throwOnRequestTimeout: true,
        httpAgent: agent,
        httpsAgent: agent,
      },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials: identityOf(credentials) }),
    });
    return new KmsConnection(sdk, client);
  }

  /**
   * One request.
   * @throws KmsFault, or ProviderFault when there is no whole answer
   */
  async send<T>(request: (client: KMSClient, sdk: Sdk) => Promise<T>): Promise<T> {
    try {
      return await request(this.#client, this.#sdk);
    } catch (error) {
      throw faultOf(error);
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

function identityOf({ accessKeyId, secretAccessKey, sessionToken }: KmsCredentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
