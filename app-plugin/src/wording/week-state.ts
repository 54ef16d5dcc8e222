import type { GrafanaTheme2, IconName, ThemeRichColor } from '@grafana/data';
import type { WeekState } from '@amc-reports/collector-service/contract';

interface WeekStateWording {
  readonly label: string;
  readonly icon: IconName;
  readonly meaning: string;
  readonly color: (theme: GrafanaTheme2) => Pick<ThemeRichColor, 'main' | 'text' | 'transparent'>;
}

const quiet = (theme: GrafanaTheme2) => ({
  main: theme.colors.border.strong,
  text: theme.colors.text.secondary,
  transparent: theme.colors.background.secondary,
});
const working = (theme: GrafanaTheme2) => theme.colors.info;

/** What a person reads and sees of a week's state. Every state has its own sign, so that colour alone tells nothing. */
export const WEEK_STATE: Record<WeekState, WeekStateWording> = {
  planned: { label: 'Planned', icon: 'clock-nine', meaning: 'Waits for its turn.', color: quiet },
  creating: { label: 'Asking Amazon', icon: 'cloud-upload', meaning: 'The query is being handed to Amazon.', color: working },
  running: { label: 'Running at Amazon', icon: 'sync', meaning: 'Amazon computes the result.', color: working },
  downloading: { label: 'Downloading', icon: 'cloud-download', meaning: 'The result file is being fetched and checked.', color: working },
  merging: { label: 'Merging', icon: 'arrow-to-right', meaning: 'Rows and totals are being written, all or nothing.', color: working },
  done: { label: 'Done', icon: 'check', meaning: 'Collected; dashboards use it.', color: (theme) => theme.colors.success },
  held: {
    label: 'Held',
    icon: 'user',
    meaning: 'New data contradicts the old and waits for a person. Dashboards keep what they showed before.',
    color: (theme) => theme.colors.warning,
  },
  failed: {
    label: 'Failed',
    icon: 'exclamation-triangle',
    meaning: 'It could not be collected. Dashboards keep what they showed before.',
    color: (theme) => theme.colors.error,
  },
  skipped: { label: 'Skipped', icon: 'forward', meaning: 'Left out on purpose; nothing is collected for it.', color: quiet },
};

/** In the order in which a legend lists them. */
export const WEEK_STATE_ORDER: readonly WeekState[] = [
  'done',
  'merging',
  'downloading',
  'running',
  'creating',
  'planned',
  'held',
  'failed',
  'skipped',
];

/** A run has work left, so a retry would change nothing. */
export const isOpen = (state: WeekState): boolean => ['planned', 'creating', 'running', 'downloading', 'merging'].includes(state);
