import { Module } from '@nestjs/common';
import { StandingRecords } from './standing-records.js';

@Module({ providers: [StandingRecords], exports: [StandingRecords] })
export class SecurityRecordsModule {}
