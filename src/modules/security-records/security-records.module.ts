import { Module } from '@nestjs/common';
import { Readmission } from './readmission.js';
import { StandingRecords } from './standing-records.js';

@Module({ providers: [StandingRecords, Readmission], exports: [StandingRecords, Readmission] })
export class SecurityRecordsModule {}
