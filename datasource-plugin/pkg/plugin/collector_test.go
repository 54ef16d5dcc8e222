package plugin

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

const testToken = "token-of-a-test"

// startCollector starts a server that answers as handle says, and a data source that points to it.
func startCollector(t *testing.T, handle http.HandlerFunc) *Datasource {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return configured(t, server.URL, nil)
}

func configured(t *testing.T, url string, extra map[string]any) *Datasource {
	t.Helper()
	jsonData := map[string]any{"url": url, "timeout": 5}
	for name, value := range extra {
		jsonData[name] = value
	}
	encoded, err := json.Marshal(jsonData)
	require.NoError(t, err)
	instance, err := NewDatasource(context.Background(), backend.DataSourceInstanceSettings{
		JSONData:                encoded,
		DecryptedSecureJSONData: map[string]string{"token": testToken},
	})
	require.NoError(t, err)
	d := instance.(*Datasource)
	t.Cleanup(d.Dispose)
	return d
}

func writeJSON(w http.ResponseWriter, status int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// range52w is a year of weeks, as a dashboard asks for it.
var range52w = backend.TimeRange{From: time.UnixMilli(1735689600000), To: time.UnixMilli(1767139200000)}

func dataQuery(refID, model string) backend.DataQuery {
	return backend.DataQuery{RefID: refID, JSON: json.RawMessage(model), TimeRange: range52w, MaxDataPoints: 1000}
}

func ask(t *testing.T, d *Datasource, headers map[string]string, queries ...backend.DataQuery) backend.Responses {
	t.Helper()
	response, err := d.QueryData(context.Background(), &backend.QueryDataRequest{Headers: headers, Queries: queries})
	require.NoError(t, err)
	return response.Responses
}
