/** Where answers are kept. The UID is part of every key: another data source is another collector. */
export const keys = {
  catalogue: (uid: string) => ['catalogue', uid] as const,
  collections: (uid: string) => ['collections', uid] as const,
  collection: (uid: string, id: string) => ['collection', uid, id] as const,
  everyCollection: (uid: string) => ['collection', uid] as const,
  collectable: (uid: string, instance: string, dataset: string) => ['collectable', uid, instance, dataset] as const,
  schedules: (uid: string) => ['schedules', uid] as const,
  scheduleTemplates: (uid: string) => ['schedule-templates', uid] as const,
  heldQuestions: (uid: string) => ['held-questions', uid] as const,
  health: (uid: string) => ['health', uid] as const,
  datasourceHealth: (uid: string) => ['datasource-health', uid] as const,
  dashboard: (uid: string) => ['dashboard', uid] as const,
};
