import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { RequestContext } from '../../kernel/context.js';
import { worded } from '../../kernel/wording.js';
import { QueuedRequests, Recovery } from '../../modules/identity/index.js';
import { Context, RateLimit, Refuses } from '../../platform/http/index.js';
import { ForgottenDto } from './dtos/account.dtos.js';
import { AcceptanceDto, AcceptedDto, TicketDto, TokenDto } from './dtos/registration.dtos.js';
import { MAIL_SENT } from './presenters.js';

/** The way back for somebody who has lost password, authenticator and recovery codes. */
@ApiTags('People')
@Controller('v1/recoveries')
export class RecoveriesController {
  readonly #requests: QueuedRequests;
  readonly #recovery: Recovery;

  constructor(requests: QueuedRequests, recovery: Recovery) {
    this.#requests = requests;
    this.#recovery = recovery;
  }

  @Post()
  @HttpCode(202)
  @RateLimit('registration')
  @ApiOperation({
    summary: 'Ask to recover an account without any factor; the answer is the same for unknown addresses',
    description: 'An operator has to approve it, then days pass, and the owner can stop it all the while.',
  })
  @ApiAcceptedResponse({ type: AcceptedDto })
  async ask(@Context() context: RequestContext, @Body() { email }: ForgottenDto): Promise<AcceptedDto> {
    await this.#requests.add(context, 'recovery', email);
    return { message: worded(MAIL_SENT, context.locale) };
  }

  @Post('stop')
  @HttpCode(204)
  @RateLimit('confirmation')
  @Refuses('authentication_failed')
  @ApiOperation({ summary: 'Stop a recovery with the token from the mail; signing in stops it too' })
  @ApiNoContentResponse()
  async stop(@Context() context: RequestContext, @Body() { token }: TokenDto): Promise<void> {
    await this.#recovery.stop(context, token);
  }

  @Post('complete')
  @HttpCode(200)
  @RateLimit('confirmation')
  @Refuses('authentication_failed', 'password_refused')
  @ApiOperation({
    summary: 'Choose a new password with the token from the mail; the ticket enrols a new authenticator',
    description:
      'Every session, authenticator, recovery code, passkey and linked identity of before is void.',
  })
  @ApiOkResponse({ type: TicketDto })
  async complete(@Context() context: RequestContext, @Body() body: AcceptanceDto): Promise<TicketDto> {
    return { ticket: await this.#recovery.complete(context, body) };
  }
}
