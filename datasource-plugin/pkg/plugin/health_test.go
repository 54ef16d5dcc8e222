package plugin

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

const healthy = `{"status":"ok","version":"0.1.0","hops":[{"hop":"collector","status":"ok","message":"Runs.","remedy":null},{"hop":"amc","status":"ok","message":"Answers.","remedy":null}],"caller":{"workspace":"main","role":"Admin","person":null}}`

func check(t *testing.T, d *Datasource, headers map[string]string) (*backend.CheckHealthResult, []hop) {
	t.Helper()
	result, err := d.CheckHealth(context.Background(), &backend.CheckHealthRequest{Headers: headers})
	require.NoError(t, err)
	var details struct {
		Hops           []hop  `json:"hops"`
		VerboseMessage string `json:"verboseMessage"`
	}
	require.NoError(t, json.Unmarshal(result.JSONDetails, &details))
	require.Equal(t, len(details.Hops), len(strings.Split(details.VerboseMessage, "\n")))
	require.NotContains(t, string(result.JSONDetails)+result.Message, testToken)
	return result, details.Hops
}

func names(hops []hop) []string {
	var all []string
	for _, each := range hops {
		all = append(all, each.Hop+" "+each.Status)
	}
	return all
}

func TestHealthNamesEveryHop(t *testing.T) {
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/v1/health", r.URL.Path)
		writeJSON(w, 200, "application/json", healthy)
	})
	result, hops := check(t, d, nil)
	require.Equal(t, backend.HealthStatusOk, result.Status)
	require.Equal(t, []string{"settings ok", "connection ok", "token ok", "collector ok", "amc ok"}, names(hops))
	require.Contains(t, hops[2].Message, "workspace main; you are Admin")
}

func TestHealthTellsWhichHopBroke(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 200, "application/json", healthy) }))
	t.Cleanup(plain.Close)
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = silent.Close() })

	for name, c := range map[string]struct {
		url, message, remedy string
	}{
		"nobody listens":           {closed.URL, "Nothing answers at " + closed.Listener.Addr().String(), "Start the collector"},
		"a name that is not known": {"http://collector.invalid:8080", `The name "collector.invalid" cannot be resolved`, "service name"},
		"a strange certificate":    {secure.URL, "is not trusted", "certificate authority"},
		"TLS to a plain server":    {strings.Replace(plain.URL, "http:", "https:", 1), "does not speak TLS", "http://"},
		"a server that is silent":  {"http://" + silent.Addr().String(), "did not answer in time", "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			result, hops := check(t, configured(t, c.url, map[string]any{"timeout": 1}), nil)
			require.Equal(t, backend.HealthStatusError, result.Status)
			require.Contains(t, result.Message, c.message)
			require.Contains(t, result.Message, c.remedy)
			require.Equal(t, []string{"settings ok", "connection failed"}, names(hops))
		})
	}
}

func TestHealthReadsTheCollectorsAnswer(t *testing.T) {
	databaseAway := `{"status":"failed","version":"0.1.0","hops":[{"hop":"collector","status":"ok","message":"Runs.","remedy":null},{"hop":"database","status":"failed","message":"Cannot be reached.","remedy":"Start PostgreSQL."}],"caller":{"workspace":"main","role":"Viewer","person":null}}`
	for name, c := range map[string]struct {
		status      int
		contentType string
		body        string
		health      backend.HealthStatus
		message     string
		hops        []string
	}{
		"a hop behind the collector": {503, "application/json", databaseAway, backend.HealthStatusError, "Database: Cannot be reached. Start PostgreSQL.", []string{"settings ok", "connection ok", "token ok", "collector ok", "database failed"}},
		"a degraded hop": {200, "application/json", strings.Replace(strings.Replace(healthy, `"amc","status":"ok"`, `"amc","status":"degraded"`, 1), "Answers.", "Throttled.", 1), backend.HealthStatusOk,
			"Connected, but not everything works. AMC: Throttled.", []string{"settings ok", "connection ok", "token ok", "collector ok", "amc degraded"}},
		"a token nobody knows": {200, "application/json", strings.Replace(healthy, `{"workspace":"main","role":"Admin","person":null}`, "null", 1), backend.HealthStatusError,
			"Token: The collector does not know this token. Make a new token", []string{"settings ok", "connection ok", "token failed", "collector ok", "amc ok"}},
		"a refused token":     {401, "application/problem+json", `{"detail":"The bearer token is not known.","remedy":"Set another."}`, backend.HealthStatusError, "Token: The bearer token is not known. Set another.", []string{"settings ok", "connection ok", "token failed"}},
		"a forbidding proxy":  {403, "text/html", `<html>`, backend.HealthStatusError, "forbids this request", []string{"settings ok", "connection ok", "token failed"}},
		"a proxy in trouble":  {502, "text/html", `<html>`, backend.HealthStatusError, "answered 502 Bad Gateway", []string{"settings ok", "connection failed"}},
		"another program":     {200, "text/html", `<html>`, backend.HealthStatusError, "not as a collector", []string{"settings ok", "connection failed"}},
		"another API":         {200, "application/json", `{"ok":true}`, backend.HealthStatusError, "not as a collector", []string{"settings ok", "connection failed"}},
		"a wrong path":        {404, "text/plain", `404 page not found`, backend.HealthStatusError, "Check host, port and path", []string{"settings ok", "connection failed"}},
		"hops it cannot read": {200, "application/json", `{"hops":"yes"}`, backend.HealthStatusError, "not as a collector", []string{"settings ok", "connection failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := startCollector(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, c.status, c.contentType, c.body) })
			result, hops := check(t, d, nil)
			require.Equal(t, c.health, result.Status)
			require.Contains(t, result.Message, c.message)
			require.Equal(t, c.hops, names(hops))
		})
	}
}

func TestHealthTellsARefusedPersonFromARefusedToken(t *testing.T) {
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Grafana-Id") != "" {
			writeJSON(w, 401, "application/problem+json", `{"detail":"The identity is of another Grafana.","remedy":"Set another token."}`)
			return
		}
		writeJSON(w, 200, "application/json", healthy)
	})
	result, hops := check(t, d, map[string]string{"http_X-Grafana-Id": "signed"})
	require.Equal(t, backend.HealthStatusError, result.Status)
	require.Contains(t, result.Message, "Identity: The identity is of another Grafana. Check this Grafana's URL")
	require.Equal(t, []string{"settings ok", "connection ok", "token ok", "identity failed"}, names(hops))
}
