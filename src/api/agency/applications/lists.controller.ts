import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { ReceivedLists } from '../../../modules/applications/index.js';
import { ApiPage, Context, type Page, Refuses } from '../../../platform/http/index.js';
import { CountsDto, CountsQuery, ReceivedDto, ReceivedQuery } from './dtos.js';
import { presentCounts, presentReceived, readQuery } from './presenters.js';

type Agency = RequestContext<AgencyActor>;

/** What an agency sees of its applications before anything is disclosed. */
@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/applications')
@UseGuards(AgencyGuard)
export class ApplicationListsController {
  readonly #lists: ReceivedLists;

  constructor(lists: ReceivedLists) {
    this.#lists = lists;
  }

  @Get()
  @Scopes('applications:read')
  @Refuses('cursor_expired')
  @ApiOperation({
    summary: 'Summaries: no personal field, nothing spent',
    description:
      'In the order of changes, each version of an application comes at most once along the cursors, and its last one always: docs/agency-synchronisation.md.',
  })
  @ApiPage(ReceivedDto, { resumable: 'In the order of changes' })
  async list(@Context() context: Agency, @Query() query: ReceivedQuery): Promise<Page<ReceivedDto>> {
    const wish = readQuery(query);
    const page =
      wish.order === 'changed'
        ? await this.#lists.changes(context, wish.filter, wish.page)
        : await this.#lists.newest(context, wish.filter, wish.page);
    return page.map(presentReceived);
  }

  @Get('counts')
  @Scopes('applications:read')
  @ApiOperation({ summary: 'How many there are in each state: nothing disclosed, nothing spent' })
  @ApiOkResponse({ type: CountsDto })
  async count(@Context() context: Agency, @Query() { vacancy }: CountsQuery): Promise<CountsDto> {
    return presentCounts(await this.#lists.counts(context, vacancy));
  }
}
