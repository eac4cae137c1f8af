import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { AgencyPurpose } from '../../../disclosure/index.js';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import { type ApplicationId, parseId } from '../../../kernel/ids.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { ApplicationDisclosures, ReceivedApplications } from '../../../modules/applications/index.js';
import {
  Context,
  Idempotent,
  IfMatch,
  PathId,
  Refuses,
  type Revised,
  type SeenRevisions,
  withRevision,
} from '../../../platform/http/index.js';
import { BulkDto, DisclosedDto, DisclosureWishDto, FieldsQuery, ReceivedDto, TransitionDto } from './dtos.js';
import { moveOf, presentBulk, presentDisclosed, presentReceived, readFields } from './presenters.js';
import { Purpose } from './purpose.decorator.js';

type Agency = RequestContext<AgencyActor>;

@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/applications')
@UseGuards(AgencyGuard)
export class AgencyApplicationsController {
  readonly #received: ReceivedApplications;
  readonly #disclosures: ApplicationDisclosures;

  constructor(received: ReceivedApplications, disclosures: ApplicationDisclosures) {
    this.#received = received;
    this.#disclosures = disclosures;
  }

  @Post('disclosures')
  @HttpCode(200)
  @Scopes('applications:read')
  @Refuses('disclosure_budget_spent')
  @ApiOperation({ summary: 'Read up to 50 applications at once; refusals are named one by one' })
  @ApiOkResponse({ type: BulkDto })
  async discloseMany(
    @Context() context: Agency,
    @Body() { ids, purpose, fields }: DisclosureWishDto,
  ): Promise<BulkDto> {
    const wish = fields === undefined ? { purpose } : { purpose, fields };
    const known = ids.flatMap((id) => parseId<ApplicationId>(id) ?? []);
    const answers = await this.#disclosures.many(context, known, wish);
    return { items: answers.map((answer) => presentBulk(answer, purpose)) };
  }

  @Get(':id')
  @Scopes('applications:read')
  @Refuses('disclosure_refused', 'disclosure_budget_spent', 'sealed_value_unreadable')
  @ApiOperation({ summary: 'Read what is released for this purpose at this stage; one unit of the budget' })
  @ApiOkResponse({ type: DisclosedDto })
  async disclose(
    @Context() context: Agency,
    @PathId() id: ApplicationId,
    @Purpose() purpose: AgencyPurpose,
    @Query() query: FieldsQuery,
  ): Promise<Revised<DisclosedDto>> {
    const fields = readFields(query.fields);
    const disclosed = await this.#disclosures.one(
      context,
      id,
      fields === undefined ? { purpose } : { purpose, fields },
    );
    return withRevision(presentDisclosed(disclosed, purpose), disclosed.application.revision);
  }

  @Post(':id/transitions')
  @HttpCode(200)
  @Scopes('applications:decide')
  @Idempotent()
  @Refuses('transition_refused')
  @ApiOperation({ summary: 'Move an application on' })
  @ApiOkResponse({ type: ReceivedDto })
  async move(
    @Context() context: Agency,
    @PathId() id: ApplicationId,
    @IfMatch() revision: SeenRevisions,
    @Body() body: TransitionDto,
  ): Promise<Revised<ReceivedDto>> {
    const moved = await this.#received.move(context, id, revision, moveOf(body));
    return withRevision(presentReceived(moved), moved.application.revision);
  }
}
