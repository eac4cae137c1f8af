import { Injectable } from '@nestjs/common';
import { Failure } from '../../../kernel/errors.js';
import { networkOf } from '../../../ledger/index.js';
import { RateLimits } from '../../../platform/http/index.js';
import { normaliseEmail } from '../../../sealing/index.js';

/** How many mails anybody may have sent to addresses that may be somebody else's. */
@Injectable()
export class MailAllowance {
  readonly #limits: RateLimits;

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** One more mail, wherever to. @throws Failure `too_many_requests` */
  async all(): Promise<void> {
    await this.#limits.consume('mail_by_anyone', '');
  }

  /** One more mail to an address, for somebody who is told when there are too many. @throws Failure `too_many_requests` */
  async require(email: string, origin: string): Promise<void> {
    const to = normaliseEmail(email);
    await this.#limits.consume('mail_to_address_from_network', `${networkOf(origin)}\n${to}`);
    await this.#limits.consume('mail_to_address', to);
  }

  /**
   * Whether one more mail may go to an address. Each network has a share that does not use up the others', so that its
   * owner, who asks from elsewhere, still gets theirs.
   * @param origin the address that it was asked for from
   */
  async to(email: string, origin: string): Promise<boolean> {
    try {
      await this.require(email, origin);
      return true;
    } catch (error) {
      if (error instanceof Failure && error.code === 'too_many_requests') return false;
      throw error;
    }
  }
}
