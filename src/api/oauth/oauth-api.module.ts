import { Module } from '@nestjs/common';
import { AgenciesModule } from '../../modules/agencies/index.js';
import { MetadataController } from './metadata.controller.js';

@Module({ imports: [AgenciesModule], controllers: [MetadataController] })
export class OAuthApiModule {}
