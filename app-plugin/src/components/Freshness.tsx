import { Tooltip } from '@grafana/ui';
import { formatAgo, formatInstant } from '../format/instant';

/** When the newest data was accepted: how long ago, and exactly on hover and to screen readers. */
export function Freshness({ dataAsOf }: { dataAsOf: string | null }) {
  if (!dataAsOf) return <span>No data yet</span>;
  return (
    <Tooltip content={formatInstant(dataAsOf)}>
      <time dateTime={dataAsOf} tabIndex={0} aria-label={`${formatAgo(dataAsOf)}, ${formatInstant(dataAsOf)}`}>
        {formatAgo(dataAsOf)}
      </time>
    </Tooltip>
  );
}
