import { Body, Controller, Delete, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Invitations, Roles, SessionGuard, Staff, StepUp } from '../../../modules/identity/index.js';
import { ApiPage, Context, Idempotent, Page, PathId, Refuses } from '../../../platform/http/index.js';
import { presentMember } from './presenters.js';
import { InvitationDto, InvitedDto, StaffMemberDto, StaffSearchDto } from './staff.dtos.js';

type Operator = RequestContext<OperatorActor>;

/** Auditors and operators: nobody here ever knows another person's factor, or is told an address. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/staff')
@Roles('operator')
export class StaffController {
  readonly #invitations: Invitations;
  readonly #staff: Staff;

  constructor(invitations: Invitations, staff: Staff) {
    this.#invitations = invitations;
    this.#staff = staff;
  }

  @Get()
  @UseGuards(SessionGuard)
  @ApiOperation({ summary: 'Auditors and operators by id, role and status' })
  @ApiPage(StaffMemberDto)
  async list(@Context() context: Operator): Promise<Page<StaffMemberDto>> {
    return new Page((await this.#staff.list(context)).map(presentMember), null);
  }

  @Post()
  @StepUp()
  @Idempotent()
  @Refuses('conflict')
  @ApiOperation({
    summary: 'Invite an auditor or operator, or once more one who has not come in yet',
    description: 'A mail carries a one-time link, good for three days; an earlier one stops working.',
  })
  @ApiCreatedResponse({ type: InvitedDto })
  async invite(@Context() context: Operator, @Body() body: InvitationDto): Promise<InvitedDto> {
    return { id: await this.#invitations.invite(context, body) };
  }

  @Post('search')
  @HttpCode(200)
  @UseGuards(SessionGuard)
  @Refuses('not_found')
  @ApiOperation({ summary: 'The member of staff with an address' })
  @ApiOkResponse({ type: StaffMemberDto })
  async search(@Context() context: Operator, @Body() { email }: StaffSearchDto): Promise<StaffMemberDto> {
    return presentMember(await this.#staff.findByAddress(context, email));
  }

  @Post(':id/suspend')
  @HttpCode(204)
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({ summary: 'Keep a person out; their sessions end at once' })
  @ApiNoContentResponse()
  suspend(@Context() context: Operator, @PathId() id: AccountId): Promise<void> {
    return this.#staff.suspend(context, id);
  }

  @Post(':id/resume')
  @HttpCode(204)
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({ summary: 'Lift a suspension' })
  @ApiNoContentResponse()
  resume(@Context() context: Operator, @PathId() id: AccountId): Promise<void> {
    return this.#staff.resume(context, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({ summary: 'End an account, or an invitation, for good' })
  @ApiNoContentResponse()
  remove(@Context() context: Operator, @PathId() id: AccountId): Promise<void> {
    return this.#staff.remove(context, id);
  }
}
