import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuditorActor, RequestContext } from '../../../kernel/context.js';
import { Roles, SessionGuard } from '../../../modules/identity/index.js';
import { ApiPage, Context, type Page, PageQuery } from '../../../platform/http/index.js';
import { presentCheckpoint } from '../presenters.js';
import { CheckpointDto, ConsistencyDto, ConsistencyQuery } from './checkpoint.dtos.js';
import { Checkpoints } from './checkpoints.service.js';

@ApiTags('Audit')
@ApiBearerAuth('session')
@Controller('v1/audit')
@UseGuards(SessionGuard)
@Roles('auditor')
export class CheckpointsController {
  readonly #checkpoints: Checkpoints;

  constructor(checkpoints: Checkpoints) {
    this.#checkpoints = checkpoints;
  }

  @Get('checkpoints')
  @ApiOperation({ summary: 'Signed checkpoints, one a second at the most, newest first' })
  @ApiPage(CheckpointDto)
  async list(
    @Context() context: RequestContext<AuditorActor>,
    @Query() query: PageQuery,
  ): Promise<Page<CheckpointDto>> {
    return (await this.#checkpoints.list(context, query)).map(presentCheckpoint);
  }

  @Get('consistency')
  @ApiOperation({ summary: 'Proof that a later tree only adds to an earlier one' })
  @ApiOkResponse({ type: ConsistencyDto })
  async consistency(
    @Context() context: RequestContext<AuditorActor>,
    @Query() { from, to }: ConsistencyQuery,
  ): Promise<ConsistencyDto> {
    const hashes = await this.#checkpoints.consistency(context, from, to);
    return { from, to, hashes: hashes.map((hash) => hash.toString('base64')) };
  }
}
