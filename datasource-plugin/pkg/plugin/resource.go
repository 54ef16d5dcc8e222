package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/resource/httpadapter"
)

// maxSilence ends a body that stopped coming. The collector's event stream pings several times in this while.
const maxSilence = 90 * time.Second

var (
	// allowed are the parts of the collector that a browser may reach through Grafana.
	allowed = []string{"/v1/"}
	// requestHeaders and answerHeaders pass, next to forwarded; cookies and the like never do.
	requestHeaders = []string{"Accept", "Content-Type", "If-None-Match", "Last-Event-ID"}
	answerHeaders  = []string{"Cache-Control", "Content-Disposition", "Content-Type", "ETag", "Location", "Retry-After", "X-Accel-Buffering", "X-Request-Id"}
)

// CallResource passes the collector's API on: the editors' catalogue, the app's collections, its stream of events.
func (d *Datasource) CallResource(ctx context.Context, req *backend.CallResourceRequest, sender backend.CallResourceResponseSender) error {
	return httpadapter.New(http.HandlerFunc(d.forward)).CallResource(ctx, req, sender)
}

func (d *Datasource) forward(w http.ResponseWriter, r *http.Request) {
	if d.broken != nil {
		writeFailure(w, d.broken)
		return
	}
	if !isAllowed(r.URL.Path) {
		writeProblem(w, http.StatusNotFound, "not_found", "This address is not part of the collector's API.", "Use an address that the collector's /openapi.json lists.")
		return
	}
	incoming := canonical(r.Header)
	header := headersFor(nil, incoming)
	copyHeaders(header, incoming, requestHeaders)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	resp, err := d.client.do(ctx, r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Body, header)
	if err != nil {
		var f *failure
		errors.As(err, &f)
		writeFailure(w, f)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	copyHeaders(w.Header(), resp.Header, answerHeaders)
	w.WriteHeader(resp.StatusCode)
	stream(w, resp.Body, cancel)
}

// stream hands on each piece as it comes, so that an event is on the screen milliseconds after it was written.
func stream(w http.ResponseWriter, body io.Reader, cancel context.CancelFunc) {
	flush := func() {}
	if flusher, ok := w.(http.Flusher); ok {
		flush = flusher.Flush
	}
	silence := time.AfterFunc(maxSilence, cancel)
	defer silence.Stop()
	flush()
	piece := make([]byte, 64<<10)
	for {
		n, err := body.Read(piece)
		if n > 0 {
			silence.Reset(maxSilence)
			if _, err := w.Write(piece[:n]); err != nil {
				return
			}
			flush()
		}
		if err != nil {
			return
		}
	}
}

// isAllowed refuses whatever would mean another place after cleaning, such as /v1/../metrics.
func isAllowed(requested string) bool {
	if path.Clean(requested) != strings.TrimSuffix(requested, "/") {
		return false
	}
	for _, prefix := range allowed {
		if strings.HasPrefix(requested, prefix) {
			return true
		}
	}
	return false
}

// canonical lets http.Header find names that Grafana did not write in their canonical form.
func canonical(header http.Header) http.Header {
	result := http.Header{}
	for name, values := range header {
		for _, value := range values {
			result.Add(name, value)
		}
	}
	return result
}

func copyHeaders(to, from http.Header, names []string) {
	for _, name := range names {
		if values := from.Values(name); len(values) > 0 {
			to[http.CanonicalHeaderKey(name)] = values
		}
	}
}

func writeFailure(w http.ResponseWriter, f *failure) {
	writeProblem(w, int(f.status), "collector_"+f.hop, f.message, f.remedy)
}

// writeProblem answers in the collector's own error form, so that the front end reads one form only.
func writeProblem(w http.ResponseWriter, status int, code, detail, remedy string) {
	body, _ := json.Marshal(map[string]any{
		"type": "urn:amc-reports:" + code, "title": http.StatusText(status), "status": status, "detail": detail, "remedy": remedy, "code": code,
	})
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
