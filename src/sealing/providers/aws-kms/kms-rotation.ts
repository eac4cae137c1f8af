import type { KmsSettings } from '../../../platform/config/key-provider-settings.js';
import type { Availability } from '../availability.js';
import { currentVersion, rotatedMeanwhile } from '../refusals.js';
import { idOf, type KmsAliases } from './kms-aliases.js';
import type { KmsConnection } from './kms-connection.js';
import { KmsFault } from './kms-faults.js';

/** KMS keeps a key at least this long before it destroys it. */
const SHORTEST_DELETION_DAYS = 7;

/** What only the command line does: new keys, and the end of old ones. */
export class KmsRotation {
  readonly #settings: KmsSettings;
  readonly #connection: KmsConnection;
  readonly #availability: Availability;
  readonly #aliases: KmsAliases;

  constructor(
    settings: KmsSettings,
    connection: KmsConnection,
    availability: Availability,
    aliases: KmsAliases,
  ) {
    this.#settings = settings;
    this.#connection = connection;
    this.#availability = availability;
    this.#aliases = aliases;
  }

  /** A new key with the policy of the current one, so that whoever may use that may use this; then its alias. */
  async rotate(signal: AbortSignal): Promise<number> {
    this.#aliases.forget();
    const current = (await this.#aliases.versions(signal)).at(-1) ?? 0;
    const next = current + 1;
    const keyId = await this.#create(next, await this.#policyOf(current, signal), signal);
    try {
      await this.#availability.askOnce(signal, (one) =>
        this.#connection.send((client, sdk) =>
          client.send(
            new sdk.CreateAliasCommand({ AliasName: this.#aliases.name(next), TargetKeyId: keyId }),
            {
              abortSignal: one,
            },
          ),
        ),
      );
    } catch (error) {
      await this.#delete(keyId, SHORTEST_DELETION_DAYS, signal);
      throw reasonOf(error);
    }
    this.#aliases.forget();
    return next;
  }

  /** @throws Failure `conflict` when the version is the current one, or none */
  async retire(version: number, signal: AbortSignal): Promise<void> {
    this.#aliases.forget();
    const current = (await this.#aliases.versions(signal)).at(-1) ?? 0;
    if (version >= current) throw currentVersion(version);
    const key = await this.#aliases.describe(version, signal);
    if (key === undefined || key.state === 'gone') return;
    await this.#delete(key.keyId, this.#settings.deletionDays, signal);
  }

  async #policyOf(version: number, signal: AbortSignal): Promise<string | undefined> {
    const described = await this.#aliases.describe(version, signal);
    if (described === undefined) return undefined;
    return this.#availability.ask(signal, (one) =>
      this.#connection.send(async (client, sdk) => {
        const answer = await client.send(
          new sdk.GetKeyPolicyCommand({ KeyId: described.keyId, PolicyName: 'default' }),
          { abortSignal: one },
        );
        return answer.Policy;
      }),
    );
  }

  #create(version: number, policy: string | undefined, signal: AbortSignal): Promise<string> {
    return this.#availability.askOnce(signal, (one) =>
      this.#connection.send(async (client, sdk) => {
        const answer = await client.send(
          new sdk.CreateKeyCommand({
            KeySpec: 'SYMMETRIC_DEFAULT',
            KeyUsage: 'ENCRYPT_DECRYPT',
            Description: `Master key of Sceau, version ${version}`,
            Tags: [{ TagKey: 'sceau:alias', TagValue: this.#aliases.name(version) }],
            ...(policy === undefined
              ? {}
              : // The check would demand that whoever rotates may change policies.
                { Policy: policy, BypassPolicyLockoutSafetyCheck: true }),
          }),
          { abortSignal: one },
        );
        return idOf(answer.KeyMetadata);
      }),
    );
  }

  async #delete(keyId: string, days: number, signal: AbortSignal): Promise<void> {
    await this.#availability.ask(signal, (one) =>
      this.#connection.send((client, sdk) =>
        client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: days }), {
          abortSignal: one,
        }),
      ),
    );
  }
}

function reasonOf(error: unknown): unknown {
  const taken = error instanceof KmsFault && error.exception === 'AlreadyExistsException';
  return taken ? rotatedMeanwhile() : error;
}
