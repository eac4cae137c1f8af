import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../../../kernel/ids.js';
import {
  type ApplicationChange,
  type ApplicationObserver,
  ApplicationObservers,
} from '../../applications/index.js';
import { eventOf } from '../event-types.js';
import { EventStore } from '../persistence/event-store.js';
import { Wakeups } from './wakeups.js';

/** Writes down what agencies are to be told of, in the transaction in which it happens. */
@Injectable()
export class EventIntake implements ApplicationObserver, OnModuleInit {
  readonly #observers: ApplicationObservers;
  readonly #events: EventStore;
  readonly #wakeups: Wakeups;

  constructor(observers: ApplicationObservers, events: EventStore, wakeups: Wakeups) {
    this.#observers = observers;
    this.#events = events;
    this.#wakeups = wakeups;
  }

  onModuleInit(): void {
    this.#observers.observe(this);
  }

  async applicationChanged(manager: EntityManager, change: ApplicationChange): Promise<void> {
    const { id: applicationId, agencyId, vacancyId, revision, at } = change;
    const type = eventOf(change);
    if (type === undefined) return;
    const id = newId<'event'>(at.getTime());
    await this.#events.add(
      manager,
      { id, agencyId, type, at, subject: { applicationId, vacancyId, revision } },
      true,
    );
    this.#wakeups.agency(manager, agencyId);
  }
}
