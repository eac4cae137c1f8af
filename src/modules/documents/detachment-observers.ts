import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApplicationId } from '../../kernel/ids.js';

/** Told, in the same transaction, which drafts have lost a document. */
export interface DetachmentObserver {
  detached(manager: EntityManager, drafts: readonly ApplicationId[]): Promise<void>;
}

/** This room knows no applications; who has them says so. */
@Injectable()
export class DetachmentObservers {
  readonly #observers: DetachmentObserver[] = [];

  observe(observer: DetachmentObserver): void {
    this.#observers.push(observer);
  }

  async detached(manager: EntityManager, drafts: readonly ApplicationId[]): Promise<void> {
    for (const observer of this.#observers) await observer.detached(manager, drafts);
  }
}
