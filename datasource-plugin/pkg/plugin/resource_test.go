package plugin

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// call runs a resource call and returns every piece that Grafana would send on.
func call(t *testing.T, d *Datasource, req *backend.CallResourceRequest) []*backend.CallResourceResponse {
	t.Helper()
	var pieces []*backend.CallResourceResponse
	err := d.CallResource(context.Background(), req, backend.CallResourceResponseSenderFunc(func(piece *backend.CallResourceResponse) error {
		pieces = append(pieces, piece)
		return nil
	}))
	require.NoError(t, err)
	return pieces
}

func body(pieces []*backend.CallResourceResponse) string {
	var all []byte
	for _, piece := range pieces {
		all = append(all, piece.Body...)
	}
	return string(all)
}

func TestResourceCallReachesTheCollector(t *testing.T) {
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		require.Equal(t, "POST /v1/collections/7/weeks/2025-01-06/retry?force=a%20b", r.Method+" "+r.URL.String())
		require.Equal(t, `{"name":"n"}`, string(sent))
		require.Equal(t, "Bearer "+testToken, r.Header.Get("Authorization"))
		require.Equal(t, "signed", r.Header.Get("X-Grafana-Id"))
		require.Equal(t, "application/json", r.Header.Get("Content-Type"))
		require.Equal(t, "41", r.Header.Get("Last-Event-Id"))
		require.Empty(t, r.Header.Get("Cookie"))
		require.Empty(t, r.Header.Get("X-Webauth-User"))
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("ETag", `"1"`)
		writeJSON(w, http.StatusAccepted, "application/json", `{"week":"2025-01-06"}`)
	})
	pieces := call(t, d, &backend.CallResourceRequest{
		Method: http.MethodPost, Path: "v1/collections/7/weeks/2025-01-06/retry", URL: "v1/collections/7/weeks/2025-01-06/retry?force=a%20b", Body: []byte(`{"name":"n"}`),
		Headers: map[string][]string{"x-grafana-id": {"signed"}, "Content-Type": {"application/json"}, "Last-Event-ID": {"41"}, "Cookie": {"s=1"}, "X-WEBAUTH-USER": {"eve"}, "Authorization": {"Bearer theirs"}},
	})
	require.Equal(t, http.StatusAccepted, pieces[0].Status)
	require.Equal(t, `{"week":"2025-01-06"}`, body(pieces))
	require.Equal(t, []string{`"1"`}, pieces[0].Headers["Etag"])
	require.NotContains(t, pieces[0].Headers, "Set-Cookie")
}

func TestProblemsPassAsTheyAre(t *testing.T) {
	const problem = `{"type":"urn:amc-reports:forbidden","status":403,"detail":"Editors may do this."}`
	d := startCollector(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 403, "application/problem+json", problem) })
	pieces := call(t, d, &backend.CallResourceRequest{Method: http.MethodPost, Path: "v1/collections", URL: "v1/collections"})
	require.Equal(t, 403, pieces[0].Status)
	require.Equal(t, []string{"application/problem+json"}, pieces[0].Headers["Content-Type"])
	require.Equal(t, problem, body(pieces))
}

func TestOnlyTheAPICanBeReached(t *testing.T) {
	d := startCollector(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s must not be reached", r.URL) })
	for _, path := range []string{"metrics", "", "v1", "v2/query", "v1/../metrics", "v1//query", "v1/./query", "http://192.0.2.1/v1/query", "/v1/%2e%2e/metrics"} {
		pieces := call(t, d, &backend.CallResourceRequest{Method: http.MethodGet, Path: path, URL: path})
		require.Equal(t, http.StatusNotFound, pieces[0].Status, path)
		require.Contains(t, body(pieces), `"code":"not_found"`, path)
	}
}

func TestEachEventIsSentBeforeTheNextIsWritten(t *testing.T) {
	received := make(chan string)
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Cache-Control", "no-store, no-transform")
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		for _, event := range []string{"id: 1\n\n", "id: 2\n\n", "id: 3\n\n"} {
			_, _ = io.WriteString(w, event)
			w.(http.Flusher).Flush()
			// The next event is written only when this one has been seen: a buffer on the way would stop here for ever.
			select {
			case got := <-received:
				require.Equal(t, event, got)
			case <-r.Context().Done():
				return
			}
		}
	})
	var first *backend.CallResourceResponse
	err := d.CallResource(context.Background(), &backend.CallResourceRequest{Method: http.MethodGet, Path: "v1/events", URL: "v1/events"},
		backend.CallResourceResponseSenderFunc(func(piece *backend.CallResourceResponse) error {
			if first == nil {
				first = piece
			}
			if len(piece.Body) > 0 {
				received <- string(piece.Body)
			}
			return nil
		}))
	require.NoError(t, err)
	require.Equal(t, []string{"text/event-stream"}, first.Headers["Content-Type"])
	require.Equal(t, []string{"no-store, no-transform"}, first.Headers["Cache-Control"])
}

func TestLeavingThePageEndsTheStreamAtTheCollector(t *testing.T) {
	ended := make(chan struct{})
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, ": hello\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(ended)
	})
	ctx, leave := context.WithCancel(context.Background())
	err := d.CallResource(ctx, &backend.CallResourceRequest{Method: http.MethodGet, Path: "v1/events", URL: "v1/events"},
		backend.CallResourceResponseSenderFunc(func(piece *backend.CallResourceResponse) error {
			if len(piece.Body) > 0 {
				leave()
			}
			return nil
		}))
	require.NoError(t, err)
	<-ended
}

func TestUnreachableCollectorIsAProblemWithARemedy(t *testing.T) {
	d := configured(t, "http://127.0.0.1:1", nil)
	pieces := call(t, d, &backend.CallResourceRequest{Method: http.MethodGet, Path: "v1/catalogue", URL: "v1/catalogue"})
	require.Equal(t, http.StatusBadGateway, pieces[0].Status)
	require.Equal(t, []string{"application/problem+json"}, pieces[0].Headers["Content-Type"])
	require.Contains(t, body(pieces), "Start the collector")
}
