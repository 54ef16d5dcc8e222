import { heldQuestionRoutes } from '../../contract/held-questions.ts';
import { decideHeldRuns } from '../../product/review/decide-many.ts';
import { listHeldQuestions } from '../../product/review/questions.ts';
import { handlers } from './handlers.ts';

export const heldQuestionHandlers = handlers(heldQuestionRoutes, {
  heldQuestions: (ctx, { query }) => listHeldQuestions(ctx, query),
  decideHeldRuns: (ctx, { body }) => decideHeldRuns(ctx, body),
});
