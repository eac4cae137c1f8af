import { readFile } from 'node:fs/promises';
import type { Clock } from '../../../kernel/clock.js';
import type { Secret, VaultLogin } from '../../../platform/config/key-provider-settings.js';
import { ProviderFault } from '../provider-fault.js';
import { readLease, readLookup, type VaultToken } from './vault-answers.js';
import { VaultFault, type VaultHttp } from './vault-http.js';

/** A token is renewed when this part of its time has passed. */
const RENEWED_AFTER = 2 / 3;
/** Part of a caller's deadline that a login may take: shorter than one attempt, so that the next begins a new one. */
const LOGIN_SHARE = 2 / 5;
const LEAST_PAUSE_MS = 1_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Held extends VaultToken {
  readonly since: number;
}

/** The token that requests carry: got by a login or given, renewed in time, got anew when it has ended. */
export class VaultSession {
  readonly #http: VaultHttp;
  readonly #login: VaultLogin;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #held: Held | undefined;
  #opening: Promise<Held> | undefined;
  #renewing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(http: VaultHttp, login: VaultLogin, clock: Clock, timeoutMs: number) {
    this.#http = http;
    this.#login = login;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends with a token, and once more with a new one when Vault refuses it: it may have been revoked, or an agent
   * has put another into its file.
   * @throws ProviderFault
   */
  async send<T>(request: (token: string) => Promise<T>): Promise<T> {
    const held = await this.#current();
    try {
      return await request(held.token);
    } catch (error) {
      if (!(error instanceof VaultFault) || error.status !== 403) throw error;
      if (this.#held === held) this.#held = undefined;
      const next = await this.#current();
      if (next.token === held.token) throw error;
      return request(next.token);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #current(): Promise<Held> {
    const held = this.#held;
    if (held === undefined || this.#ageOf(held) >= 1) return this.#open();
    if (held.renewable && this.#ageOf(held) >= RENEWED_AFTER) void this.#renew(held);
    return held;
  }

  /** From 0 when it was lent to 1 when it has ended; always 0 for one that does not end. */
  #ageOf({ since, seconds }: Held): number {
    return seconds === 0 ? 0 : (this.#clock.now().getTime() - since) / (seconds * 1_000);
  }

  /** Callers that need a token at the same moment share one login. */
  #open(): Promise<Held> {
    this.#opening ??= this.#acquire()
      .then((token) => this.#hold(token))
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  async #acquire(): Promise<VaultToken> {
    // A login is shared, so that no single caller's end may abort it.
    const signal = AbortSignal.timeout(this.#timeoutMs * LOGIN_SHARE);
    const login = this.#login;
    switch (login.method) {
      case 'token': {
        const token = await textOf(login.token);
        const answer = await this.#http.send(
          { method: 'GET', path: ['auth', 'token', 'lookup-self'], token },
          signal,
        );
        return readLookup(answer, token);
      }
      case 'approle': {
        const body = { role_id: login.roleId, secret_id: await textOf(login.secretId) };
        const path = ['auth', ...login.mount.split('/'), 'login'];
        return readLease(await this.#http.send({ method: 'POST', path, body }, signal));
      }
    }
  }

  #renew(held: Held): Promise<void> {
    this.#renewing ??= this.#renewed(held).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewed(held: Held): Promise<void> {
    try {
      const answer = await this.#http.send(
        { method: 'POST', path: ['auth', 'token', 'renew-self'], token: held.token, body: {} },
        AbortSignal.timeout(this.#timeoutMs),
      );
      const renewed = readLease(answer);
      // Vault lends ever less towards the end of a token's longest life: time for a new login.
      const ending = renewed.seconds < held.seconds / 2 && this.#login.method === 'approle';
      this.#hold(ending ? await this.#acquire() : { ...renewed, token: held.token });
    } catch {
      // Requests go on with what there is until it has ended; then they log in and say what is wrong.
      this.#arm(held, this.#clock.now().getTime());
    }
  }

  #hold(token: VaultToken): Held {
    const since = this.#clock.now().getTime();
    const held = { ...token, since };
    this.#held = held;
    this.#arm(held, since);
    return held;
  }

  /** Sees to the renewal also when nobody asks for keys: a token that ends in an idle process is lost. */
  #arm(held: Held, now: number): void {
    clearTimeout(this.#timer);
    if (this.#closed || !held.renewable || held.seconds === 0) return;
    const left = held.since + held.seconds * 1_000 - now;
    const pause = Math.min(Math.max(left * RENEWED_AFTER, LEAST_PAUSE_MS), LONGEST_TIMER_MS);
    if (left <= 0) return;
    this.#timer = setTimeout(() => void this.#renew(held), pause);
    this.#timer.unref();
  }
}

async function textOf(secret: Secret): Promise<string> {
  switch (secret.from) {
    case 'variable':
      return secret.value;
    case 'file':
      try {
        return (await readFile(secret.path, 'utf8')).trim();
      } catch (cause) {
        throw new ProviderFault('the file with the secret cannot be read', { transient: false, cause });
      }
  }
}
