import { Alert, Button, CodeEditor, Stack, type Monaco, type MonacoEditor } from '@grafana/ui';
import { useEffect, useRef, useState } from 'react';
import { datasetOf, type Catalogue } from '../catalogue';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { forgetSchema, teachSchema } from './json-schema';
import { fromText, toText } from './query-text';

interface Props {
  query: AmcQuery;
  catalogue: Catalogue;
  /** Gets a query as it was written, with all its fields. */
  onChange: (query: AmcQuery) => void;
}

/** The query as JSON. It runs when the text is left, with Ctrl+S or the button; a text that is no JSON is kept until it is one. */
export function CodeForm({ query, catalogue, onChange }: Props) {
  const saved = toText(query);
  const [typed, setTyped] = useState<string>();
  const [mistake, setMistake] = useState<string>();
  const model = useRef<{ monaco: Monaco; uri: string }>(undefined);
  const dataset = datasetOf(catalogue, query);
  useEffect(() => () => void (model.current && forgetSchema(model.current.monaco, model.current.uri)), []);
  useEffect(() => {
    if (model.current) {
      teachSchema(model.current.monaco, model.current.uri, catalogue, dataset);
    }
  }, [catalogue, dataset]);

  const mounted = (editor: MonacoEditor, monaco: Monaco) => {
    const uri = editor.getModel()?.uri.toString();
    if (uri) {
      model.current = { monaco, uri };
      teachSchema(monaco, uri, catalogue, dataset);
    }
  };
  const apply = (text: string) => {
    const read = fromText(text, query);
    if ('mistake' in read) {
      setTyped(text);
      setMistake(read.mistake);
      return;
    }
    setMistake(undefined);
    setTyped(undefined);
    if (toText(read.query) !== saved) {
      onChange(read.query);
    }
  };
  return (
    <div data-testid={selectors.query.code}>
      <Stack direction="column" gap={1}>
        <CodeEditor
          language="json"
          height="260px"
          showLineNumbers
          showMiniMap={false}
          wordWrap
          monacoOptions={{ quickSuggestions: { other: true, strings: true, comments: false } }}
          value={typed ?? saved}
          onEditorDidMount={mounted}
          onBlur={apply}
          onSave={apply}
        />
        <div role="status">
          {mistake && <Alert severity="error" title={mistake} data-testid={selectors.query.codeMistake} bottomSpacing={0} topSpacing={0} />}
        </div>
        {mistake && (
          <Button
            size="sm"
            variant="secondary"
            icon="history"
            onClick={() => {
              setTyped(undefined);
              setMistake(undefined);
            }}
          >
            {words('code.undo', 'Back to the last query that could be read')}
          </Button>
        )}
      </Stack>
    </div>
  );
}
