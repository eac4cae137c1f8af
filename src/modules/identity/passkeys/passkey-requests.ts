import { Injectable } from '@nestjs/common';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { PasskeyChallenges } from './challenges.js';
import { requestOptions } from './options.js';

/** Asks for a passkey, of whomever: nobody is named, so nothing is told. */
@Injectable()
export class PasskeyRequests {
  readonly #database: Database;
  readonly #challenges: PasskeyChallenges;
  readonly #settings: Settings;

  constructor(database: Database, challenges: PasskeyChallenges, settings: Settings) {
    this.#database = database;
    this.#challenges = challenges;
    this.#settings = settings;
  }

  async ask(purpose: 'sign_in' | 'step_up'): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { challenge } = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#challenges.issue(manager, { purpose, accountId: null }),
    );
    return requestOptions(this.#settings.passkeys.rpId, challenge);
  }
}
