import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { Alert, CustomHeadersSettings, Field, FieldSet, Input, SecretInput } from '@grafana/ui';
import { selectors } from '../selectors';
import { words } from '../words';
import { TlsFields } from './TlsFields';
import { DEFAULT_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS, type AmcSecrets, type AmcSettings } from '../settings';

type Props = DataSourcePluginOptionsEditorProps<AmcSettings, AmcSecrets>;

/** Where the collector is and how to get in. "Save & test" then walks every hop from here to Amazon. */
export function ConfigEditor({ options, onOptionsChange }: Props) {
  const { jsonData, secureJsonData, secureJsonFields, readOnly } = options;
  const change = (part: Partial<AmcSettings>) => onOptionsChange({ ...options, jsonData: { ...jsonData, ...part } });
  const urlError = urlMistake(jsonData.url);
  const timeoutError = timeoutMistake(jsonData.timeout);
  return (
    <>
      <Alert severity="info" title={words('config.needs', 'What this needs')}>
        {words(
          'config.needs-text',
          'A running collector, which fetches from Amazon Marketing Cloud and keeps the history, and a token of one of its workspaces. The README of AMC Reports says how to start one.',
        )}
      </Alert>
      <FieldSet label={words('config.collector', 'Collector')}>
        <Field
          label={words('config.url', 'URL')}
          required
          description={words(
            'config.url-text',
            "As the Grafana server sees it, not your browser. In Docker Compose it is the service name; localhost would be Grafana's own container.",
          )}
          invalid={urlError !== undefined}
          error={urlError}
        >
          <Input
            id="amc-url"
            data-testid={selectors.config.url}
            width={60}
            placeholder="http://collector:8085"
            disabled={readOnly ?? false}
            value={jsonData.url ?? ''}
            onChange={(event) => change({ url: event.currentTarget.value })}
          />
        </Field>
        <Field
          label={words('config.token', 'Token')}
          required
          description={words(
            'config.token-text',
            "Decides which workspace and instances this data source shows. The collector's command line makes one; it is shown once and kept here encrypted.",
          )}
        >
          <SecretInput
            id="amc-token"
            data-testid={selectors.config.token}
            width={60}
            placeholder={words('config.token-placeholder', 'Token of a workspace')}
            autoComplete="off"
            disabled={readOnly ?? false}
            isConfigured={secureJsonFields['token'] ?? false}
            value={secureJsonData?.token ?? ''}
            onChange={(event) => onOptionsChange({ ...options, secureJsonData: { ...secureJsonData, token: event.currentTarget.value } })}
            onReset={() =>
              onOptionsChange({
                ...options,
                secureJsonFields: { ...secureJsonFields, token: false },
                secureJsonData: { ...secureJsonData, token: '' },
              })
            }
          />
        </Field>
        <Field
          label={words('config.timeout', 'Timeout')}
          description={words('config.timeout-text', 'Seconds to wait for an answer; {{seconds}} when left empty.', {
            seconds: DEFAULT_TIMEOUT_SECONDS,
          })}
          invalid={timeoutError !== undefined}
          error={timeoutError}
        >
          <Input
            id="amc-timeout"
            data-testid={selectors.config.timeout}
            type="number"
            min={1}
            max={MAX_TIMEOUT_SECONDS}
            width={20}
            suffix="s"
            placeholder={String(DEFAULT_TIMEOUT_SECONDS)}
            disabled={readOnly ?? false}
            value={jsonData.timeout ?? ''}
            onChange={(event) => change({ timeout: event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value) })}
          />
        </Field>
      </FieldSet>
      <TlsFields options={options} onOptionsChange={onOptionsChange} />
      <CustomHeadersSettings dataSourceConfig={options} onChange={onOptionsChange} />
    </>
  );
}

/** The same rules as the backend's, said while typing. */
function urlMistake(url: string | undefined): string | undefined {
  if (!url) {
    return undefined;
  }
  const parsed = parse(url.trim());
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.host === '') {
    return words('config.url-form', 'Write it like http://collector:8085.');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return words('config.url-user', 'Leave out user and password; the token goes into the field below.');
  }
  return parsed.search !== '' || parsed.hash !== '' ? words('config.url-query', 'Leave out what begins with ? or #.') : undefined;
}

function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

const timeoutMistake = (timeout: number | undefined): string | undefined =>
  timeout !== undefined && !(timeout >= 1 && timeout <= MAX_TIMEOUT_SECONDS)
    ? words('config.timeout-range', 'Choose between 1 and {{seconds}} seconds.', { seconds: MAX_TIMEOUT_SECONDS })
    : undefined;
