import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { Clock } from '../../../kernel/clock.js';
import type { KmsSettings } from '../../../platform/config/key-provider-settings.js';
import type { Availability } from '../availability.js';
import { ProviderFault } from '../provider-fault.js';
import type { KmsConnection } from './kms-connection.js';
import { KmsFault } from './kms-faults.js';

/** Another process may have rotated: the list is looked at again after this time. */
const KNOWN_FOR_MS = 60_000;
const ALIASES_PER_PAGE = 100;

/** `usable` opens and wraps; `away` may come back (disabled, being created); `gone` is destroyed or about to be. */
export type KeyState = 'usable' | 'away' | 'gone';

export interface DescribedKey {
  readonly state: KeyState;
  /** Id of the key behind the alias; some operations do not take aliases. */
  readonly keyId: string;
}

/**
 * The versions of the master key as KMS itself keeps them: version N is the key behind `<prefix>-vN`. An alias can
 * be created once only, which makes two rotations at the same moment one.
 */
export class KmsAliases {
  readonly #prefix: string;
  readonly #connection: KmsConnection;
  readonly #availability: Availability;
  readonly #clock: Clock;
  #known: { readonly versions: readonly number[]; readonly at: number } | undefined;

  constructor(
    { aliasPrefix }: KmsSettings,
    connection: KmsConnection,
    availability: Availability,
    clock: Clock,
  ) {
    this.#prefix = aliasPrefix;
    this.#connection = connection;
    this.#availability = availability;
    this.#clock = clock;
  }

  name(version: number): string {
    return `${this.#prefix}-v${version}`;
  }

  /**
   * Every version that has an alias, in ascending order, at least one.
   * @throws ProviderFault when there is none
   */
  async versions(signal: AbortSignal): Promise<readonly number[]> {
    const now = this.#clock.now().getTime();
    if (this.#known !== undefined && now - this.#known.at < KNOWN_FOR_MS) return this.#known.versions;
    const versions = (await this.#list(signal)).toSorted((a, b) => a - b);
    if (versions.length === 0)
      throw new ProviderFault('there is no key with an alias of AWS_KMS_ALIAS', { transient: false });
    this.#known = { versions, at: now };
    return versions;
  }

  /** What was known is out of date. */
  forget(): void {
    this.#known = undefined;
  }

  /** @returns undefined when there is no such alias (any more) */
  async describe(version: number, signal: AbortSignal): Promise<DescribedKey | undefined> {
    try {
      return await this.#availability.ask(signal, (one) =>
        this.#connection.send(async (client, sdk) => {
          const answer = await client.send(new sdk.DescribeKeyCommand({ KeyId: this.name(version) }), {
            abortSignal: one,
          });
          return { state: stateOf(answer.KeyMetadata), keyId: idOf(answer.KeyMetadata) };
        }),
      );
    } catch (error) {
      if (error instanceof KmsFault && error.exception === 'NotFoundException') return undefined;
      throw error;
    }
  }

  /**
   * Whether a version that refuses is destroyed, or never was, so that what it wraps is lost and not merely away.
   * The next one may have been created a moment ago, without being known everywhere in KMS yet.
   */
  async isGone(version: number, signal: AbortSignal): Promise<boolean> {
    const described = await this.describe(version, signal);
    if (described !== undefined) return described.state === 'gone';
    this.forget();
    const versions = await this.versions(signal);
    return !versions.includes(version) && version !== (versions.at(-1) ?? 0) + 1;
  }

  async #list(signal: AbortSignal): Promise<number[]> {
    const versions: number[] = [];
    let marker: string | undefined;
    do {
      const page = await this.#page(marker, signal);
      versions.push(...page.versions);
      marker = page.next;
    } while (marker !== undefined);
    return versions;
  }

  #page(
    marker: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly versions: readonly number[]; readonly next: string | undefined }> {
    return this.#availability.ask(signal, (one) =>
      this.#connection.send(async (client, sdk) => {
        const answer = await client.send(
          new sdk.ListAliasesCommand({
            Limit: ALIASES_PER_PAGE,
            ...(marker === undefined ? {} : { Marker: marker }),
          }),
          { abortSignal: one },
        );
        const versions = (answer.Aliases ?? []).flatMap((alias) =>
          alias.TargetKeyId === undefined ? [] : this.#versionOf(alias.AliasName ?? ''),
        );
        return { versions, next: answer.Truncated === true ? answer.NextMarker : undefined };
      }),
    );
  }

  #versionOf(alias: string): number[] {
    if (!alias.startsWith(`${this.#prefix}-v`)) return [];
    const number = alias.slice(this.#prefix.length + 2);
    return /^[1-9]\d{0,8}$/.test(number) ? [Number(number)] : [];
  }
}

function stateOf(metadata: KeyMetadata | undefined): KeyState {
  const state = metadata?.KeyState;
  if (state === 'Enabled') return 'usable';
  return state === 'PendingDeletion' || state === 'PendingReplicaDeletion' ? 'gone' : 'away';
}

export function idOf(metadata: KeyMetadata | undefined): string {
  if (metadata?.KeyId === undefined)
    throw new ProviderFault('an answer without the key that it is about', { transient: true });
  return metadata.KeyId;
}
