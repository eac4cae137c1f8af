import { Module } from '@nestjs/common';
import { AlertCursors } from './alert-cursors.js';
import { AlertPost } from './alert-post.js';
import { AlertWatch } from './alert-watch.js';

@Module({ providers: [AlertCursors, AlertPost, AlertWatch], exports: [AlertWatch] })
export class AlertsModule {}
