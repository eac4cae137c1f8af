import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '../../kernel/context.js';
import { Invitations } from '../../modules/identity/index.js';
import { Context, RateLimit, Refuses } from '../../platform/http/index.js';
import { AcceptanceDto, TicketDto } from './dtos/registration.dtos.js';

@ApiTags('People')
@Controller('v1/invitations')
export class InvitationsController {
  readonly #invitations: Invitations;

  constructor(invitations: Invitations) {
    this.#invitations = invitations;
  }

  @Post('accept')
  @HttpCode(200)
  @RateLimit('confirmation')
  @Refuses('authentication_failed', 'password_refused')
  @ApiOperation({
    summary: 'Accept an invitation as auditor or operator: set the password with the token from the mail',
  })
  @ApiOkResponse({ type: TicketDto })
  async accept(
    @Context() context: RequestContext,
    @Body() { token, password }: AcceptanceDto,
  ): Promise<TicketDto> {
    return { ticket: await this.#invitations.accept(context, token, password) };
  }
}
