import { Injectable } from '@nestjs/common';
import type { PersonalDataSource } from './personal-data-source.js';

/** Every source there is: rooms add theirs, and whoever exports or erases goes through all of them. */
@Injectable()
export class PersonalData {
  readonly #sources: PersonalDataSource[] = [];

  add(source: PersonalDataSource): void {
    this.#sources.push(source);
  }

  get sources(): readonly PersonalDataSource[] {
    return this.#sources;
  }
}
