import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { FieldSet, InlineField, InlineSwitch, TLSAuthSettings } from '@grafana/ui';
import { selectors } from '../selectors';
import type { AmcSecrets, AmcSettings } from '../settings';
import { words } from '../words';

type Props = DataSourcePluginOptionsEditorProps<AmcSettings, AmcSecrets>;

/** For a collector behind TLS. The certificates' fields are Grafana's own, and appear when they are wanted. */
export function TlsFields({ options, onOptionsChange }: Props) {
  const { jsonData } = options;
  const toggle = (name: 'tlsSkipVerify' | 'tlsAuth' | 'tlsAuthWithCACert', label: string, tooltip: string) => (
    <InlineField label={label} tooltip={tooltip} labelWidth={26} disabled={options.readOnly ?? false}>
      <InlineSwitch
        id={`amc-${name}`}
        data-testid={selectors.config.tls(name)}
        value={jsonData[name] ?? false}
        onChange={(event) => onOptionsChange({ ...options, jsonData: { ...jsonData, [name]: event.currentTarget.checked } })}
      />
    </InlineField>
  );
  return (
    <FieldSet label={words('tls.title', 'TLS')}>
      {toggle(
        'tlsAuthWithCACert',
        words('tls.ca', 'Own certificate authority'),
        words('tls.ca-tooltip', "Trust the authority that issued the collector's certificate"),
      )}
      {toggle(
        'tlsAuth',
        words('tls.client', 'Client certificate'),
        words('tls.client-tooltip', 'Show the collector, or the proxy before it, who is calling'),
      )}
      {toggle(
        'tlsSkipVerify',
        words('tls.skip', 'Skip verification'),
        words('tls.skip-tooltip', 'Accept any certificate. Whoever sits on the way can then read the token: for tests only'),
      )}
      {(jsonData.tlsAuth || jsonData.tlsAuthWithCACert) && <TLSAuthSettings dataSourceConfig={options} onChange={onOptionsChange} />}
    </FieldSet>
  );
}
