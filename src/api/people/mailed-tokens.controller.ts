import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { RequestContext } from '../../kernel/context.js';
import { worded } from '../../kernel/wording.js';
import { AddressChange, PasswordReset, QueuedRequests } from '../../modules/identity/index.js';
import { Context, RateLimit, Refuses } from '../../platform/http/index.js';
import { AddressStateDto, ForgottenDto, PasswordResetDto, RESET_EXAMPLES } from './dtos/account.dtos.js';
import { AcceptedDto, TokenDto } from './dtos/registration.dtos.js';
import { factorOf, MAIL_SENT } from './presenters.js';

/** What can be done with a token from a mail, and asking for one. */
@ApiTags('People')
@Controller('v1')
export class MailedTokensController {
  readonly #requests: QueuedRequests;
  readonly #reset: PasswordReset;
  readonly #address: AddressChange;

  constructor(requests: QueuedRequests, reset: PasswordReset, address: AddressChange) {
    this.#requests = requests;
    this.#reset = reset;
    this.#address = address;
  }

  @Post('password/forgotten')
  @HttpCode(202)
  @RateLimit('registration')
  @ApiOperation({ summary: 'Ask for a new password; the answer is the same for known and unknown addresses' })
  @ApiAcceptedResponse({ type: AcceptedDto })
  async forgotten(@Context() context: RequestContext, @Body() { email }: ForgottenDto): Promise<AcceptedDto> {
    await this.#requests.add(context, 'password_forgotten', email);
    return { message: worded(MAIL_SENT, context.locale) };
  }

  @Post('password/reset')
  @HttpCode(204)
  @RateLimit('confirmation')
  @Refuses('authentication_failed', 'password_refused')
  @ApiOperation({ summary: 'Choose a new password with the token from the mail and a second factor' })
  @ApiBody({ type: PasswordResetDto, examples: RESET_EXAMPLES })
  @ApiNoContentResponse()
  async reset(@Context() context: RequestContext, @Body() body: PasswordResetDto): Promise<void> {
    const { token, password } = body;
    await this.#reset.finish(context, { token, password, factor: factorOf(body) });
  }

  @Post('email/confirm')
  @HttpCode(200)
  @RateLimit('confirmation')
  @Refuses('authentication_failed', 'conflict')
  @ApiOperation({
    summary: 'Confirm a change of address from one of the two; every session ends with the second',
  })
  @ApiOkResponse({ type: AddressStateDto })
  async confirmAddress(
    @Context() context: RequestContext,
    @Body() { token }: TokenDto,
  ): Promise<AddressStateDto> {
    return { state: await this.#address.confirm(context, token) };
  }
}
