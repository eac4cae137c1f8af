import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import {
  RecoveryApproval,
  type RecoveryId,
  type RecoverySummary,
  Roles,
  SessionGuard,
  StepUp,
} from '../../../modules/identity/index.js';
import { ApiPage, Context, Page, PathId, Refuses } from '../../../platform/http/index.js';
import { ApprovedRecoveryDto, OpenRecoveryDto } from './recovery.dtos.js';

type Operator = RequestContext<OperatorActor>;

/** Accounts whose owners have lost everything: whether that goes on, and nothing of whose they are. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/recoveries')
@Roles('operator')
export class OperatorRecoveriesController {
  readonly #approval: RecoveryApproval;

  constructor(approval: RecoveryApproval) {
    this.#approval = approval;
  }

  @Get()
  @UseGuards(SessionGuard)
  @ApiOperation({ summary: 'Open recoveries by id, status and times' })
  @ApiPage(OpenRecoveryDto)
  async list(@Context() context: Operator): Promise<Page<OpenRecoveryDto>> {
    return new Page((await this.#approval.list(context)).map(presentRecovery), null);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({
    summary: 'Let a recovery go on, once one knows by other means who has given its reference',
    description: 'The delay begins and the owner is told, who can stop it all the while.',
  })
  @ApiOkResponse({ type: ApprovedRecoveryDto })
  async approve(@Context() context: Operator, @PathId() id: RecoveryId): Promise<ApprovedRecoveryDto> {
    return { dueAt: (await this.#approval.approve(context, id)).toISOString() };
  }

  @Post(':id/refuse')
  @HttpCode(204)
  @StepUp()
  @ApiOperation({ summary: 'End a recovery, however far it is; the owner is told' })
  @ApiNoContentResponse()
  refuse(@Context() context: Operator, @PathId() id: RecoveryId): Promise<void> {
    return this.#approval.refuse(context, id);
  }
}

function presentRecovery({ id, status, askedAt, dueAt }: RecoverySummary): OpenRecoveryDto {
  return { id, status, askedAt: askedAt.toISOString(), dueAt: dueAt.toISOString() };
}
