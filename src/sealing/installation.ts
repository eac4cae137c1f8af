import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { SubjectId } from '../kernel/ids.js';
import { SubjectKeys } from './keys/subject-keys.js';

/** The subject of secrets that belong to no person or agency: the installation itself. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a constant id, in the form of every other
export const INSTALLATION = '01900000-0000-7000-8000-000000000001' as SubjectId;

/** Sees to it that the installation has a key before anything is sealed for it. */
@Injectable()
export class InstallationKey implements OnModuleInit {
  readonly #keys: SubjectKeys;

  constructor(keys: SubjectKeys) {
    this.#keys = keys;
  }

  async onModuleInit(): Promise<void> {
    await this.#keys.create(INSTALLATION);
  }
}
