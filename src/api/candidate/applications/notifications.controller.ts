import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { OwnNotifications } from '../../../modules/applications/index.js';
import { ApiPage, Context, type Page, PageQuery } from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { NotificationDto } from './timeline.dtos.js';
import { presentNotification } from './presenters.js';

@CandidateRoutes('notifications', 'Applications')
export class NotificationsController {
  readonly #notifications: OwnNotifications;

  constructor(notifications: OwnNotifications) {
    this.#notifications = notifications;
  }

  @Get()
  @ApiOperation({ summary: 'What has become of one’s applications, all of them, newest first' })
  @ApiPage(NotificationDto)
  async list(
    @Context() context: RequestContext<CandidateActor>,
    @Query() query: PageQuery,
  ): Promise<Page<NotificationDto>> {
    const page = await this.#notifications.list(context, query);
    return page.map((notification) => presentNotification(notification, context.locale));
  }
}
