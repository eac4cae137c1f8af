import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { AlertWebhookSettings } from '../../platform/config/settings.js';
import { Destinations } from '../../platform/outbound/destinations.js';
import { HttpsPosts } from '../../platform/outbound/https-posts.js';
import { signedMessage } from '../webhooks/index.js';
import type { Alert } from './alert.js';

/** An alert to the operators' own receiver, as an event is sent to an agency's (Standard Webhooks). */
@Injectable()
export class AlertPost {
  readonly #destinations: Destinations;
  readonly #posts: HttpsPosts;
  readonly #clock: Clock;

  constructor(destinations: Destinations, posts: HttpsPosts, clock: Clock) {
    this.#destinations = destinations;
    this.#posts = posts;
    this.#clock = clock;
  }

  /** Resolves once the receiver has taken it; rejects otherwise. The id is the entry's, the same whenever it is sent. */
  async send({ url, secret, isInternal }: AlertWebhookSettings, alert: Alert): Promise<void> {
    const destination = await (isInternal ? this.#destinations.internal(url) : this.#destinations.check(url));
    if (typeof destination === 'string') throw new Error(`ALERT_WEBHOOK is not posted to: ${destination}.`);
    const { at, entryId, ...data } = alert;
    const body = JSON.stringify({
      type: 'ledger.alert',
      timestamp: at.toISOString(),
      data: { entryId, ...data },
    });
    const message = signedMessage({ id: entryId, body }, [{ value: secret }], this.#clock.now());
    const outcome = await this.#posts.post(destination, message.headers, message.body);
    if (outcome.kind === 'failed') throw new Error(`ALERT_WEBHOOK was not reached: ${outcome.reason}.`);
    if (outcome.status < 200 || outcome.status > 299)
      throw new Error(`ALERT_WEBHOOK answered ${outcome.status}.`);
  }
}
