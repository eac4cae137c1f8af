import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Roles, SessionGuard } from '../../modules/identity/index.js';

/** A controller below `/v1/me` that is for signed-in candidates only. */
export const CandidateRoutes = (path: string, tag: string): ClassDecorator =>
  applyDecorators(
    Controller(`v1/me/${path}`),
    ApiTags(tag),
    ApiBearerAuth('session'),
    UseGuards(SessionGuard),
    Roles('candidate'),
  );
