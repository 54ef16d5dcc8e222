export * from './audit.ts';
export * from './error.ts';
export * from './frame.ts';
export * from './query.ts';
export * from './resources.ts';
export * from './review.ts';
export * from './routes.ts';
export * from './schedules.ts';
