import { Module } from '@nestjs/common';
import { IdentityModule } from '../../modules/identity/index.js';
import { AuditController } from './audit.controller.js';
import { Audit } from './audit.service.js';

@Module({ imports: [IdentityModule], controllers: [AuditController], providers: [Audit] })
export class AuditApiModule {}
