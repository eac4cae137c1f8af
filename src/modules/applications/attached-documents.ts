import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { releasesNothing } from '../../disclosure/index.js';
import type { ApplicationId } from '../../kernel/ids.js';
import { Attachments, type DetachmentObserver, DetachmentObservers } from '../documents/index.js';
import {
  type ApplicationChange,
  type ApplicationObserver,
  ApplicationObservers,
} from './application-observers.js';
import { ApplicationEntity } from './persistence/application.entity.js';

/** Keeps an application and its documents in step. */
@Injectable()
export class AttachedDocuments implements ApplicationObserver, DetachmentObserver, OnModuleInit {
  readonly #applications: ApplicationObservers;
  readonly #documents: DetachmentObservers;
  readonly #attachments: Attachments;

  constructor(applications: ApplicationObservers, documents: DetachmentObservers, attachments: Attachments) {
    this.#applications = applications;
    this.#documents = documents;
    this.#attachments = attachments;
  }

  onModuleInit(): void {
    this.#applications.observe(this);
    this.#documents.observe(this);
  }

  async applicationChanged(manager: EntityManager, { id, status }: ApplicationChange): Promise<void> {
    if (status === 'submitted') await this.#attachments.sent(manager, id);
    else if (releasesNothing(status)) await this.#attachments.ended(manager, id);
  }

  async detaching(manager: EntityManager, drafts: readonly ApplicationId[]): Promise<void> {
    await manager.getRepository(ApplicationEntity).find({
      select: { id: true },
      where: { id: In([...drafts]) },
      // So that two documents of the same drafts can be deleted at once.
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** A draft without one of its documents is another one. */
  async detached(manager: EntityManager, drafts: readonly ApplicationId[]): Promise<void> {
    await manager.getRepository(ApplicationEntity).increment({ id: In([...drafts]) }, 'revision', 1);
  }
}
