import type { AnnotationSupport } from '@grafana/data';
import { AnnotationEditor } from './editor/AnnotationEditor';
import { QUERY_VERSION, type AmcQuery } from './query';

/** An annotation shows when Amazon changed weeks that were already on the screen. */
const RESTATEMENTS: Partial<AmcQuery> = { version: QUERY_VERSION, queryType: 'restatements', instances: [] };

export const annotationSupport: AnnotationSupport<AmcQuery> = {
  getDefaultQuery: () => RESTATEMENTS,
  // An annotation made by hand in JSON may have no target at all.
  prepareQuery: ({ target }) => ({ refId: 'Anno', ...RESTATEMENTS, ...target }),
  QueryEditor: AnnotationEditor,
};
