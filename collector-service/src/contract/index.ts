export * from './error.ts';
export * from './frame.ts';
export * from './query.ts';
export * from './resources.ts';
export * from './routes.ts';
