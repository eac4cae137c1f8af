import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApplicationId } from '../../kernel/ids.js';

/** Told, in the same transaction, which drafts lose a document. */
export interface DetachmentObserver {
  /** Before: takes the drafts, so that nobody else changes them until the transaction ends. */
  detaching(manager: EntityManager, drafts: readonly ApplicationId[]): Promise<void>;
  /** Afterwards, of those that did lose it. */
  detached(manager: EntityManager, drafts: readonly ApplicationId[]): Promise<void>;
}

/** This room knows no applications; who has them says so. */
@Injectable()
export class DetachmentObservers {
  readonly #observers: DetachmentObserver[] = [];

  observe(observer: DetachmentObserver): void {
    this.#observers.push(observer);
  }

  async detaching(manager: EntityManager, drafts: readonly ApplicationId[]): Promise<void> {
    for (const observer of this.#observers) await observer.detaching(manager, drafts);
  }

  async detached(manager: EntityManager, drafts: readonly ApplicationId[]): Promise<void> {
    for (const observer of this.#observers) await observer.detached(manager, drafts);
  }
}
