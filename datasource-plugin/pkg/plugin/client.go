package plugin

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// forwarded are the headers of Grafana's request that mean something to the collector: the signed identity of the person, whether
// an alert rule asks, and whether cached answers are unwelcome. Everything else stays here, cookies and names above all.
var forwarded = []string{"X-Grafana-Id", "FromAlert", "X-Cache-Skip"}

// client speaks to one collector. It is safe for concurrent use and keeps its connections.
type client struct {
	http    *http.Client
	base    *url.URL
	token   string
	timeout time.Duration
}

func newClient(settings Settings, options httpclient.Options) (*client, error) {
	timeout := options.Timeouts.Timeout
	if timeout <= 0 {
		timeout = httpclient.DefaultTimeoutOptions.Timeout
		options.Timeouts.Timeout = timeout
	}
	transport, err := httpclient.New(options)
	if err != nil {
		return nil, err
	}
	// Bodies are limited by their readers: an event stream lasts longer than any answer. Headers stay limited by the transport.
	transport.Timeout = 0
	// A redirect would carry the identity to another host, and no collector sends one.
	transport.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{http: transport, base: settings.URL, token: settings.Token, timeout: timeout}, nil
}

// do sends a request to a path of the API ("/v1/query"; escaped). The error is always a *failure.
func (c *client) do(ctx context.Context, method, path, rawQuery string, body io.Reader, header http.Header) (*http.Response, error) {
	target := c.base.JoinPath(path)
	target.RawQuery = rawQuery
	req, err := http.NewRequestWithContext(ctx, method, target.String(), body)
	if err != nil {
		return nil, unreachable(c.base, err)
	}
	if header != nil {
		req.Header = header
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(c.base, err)
	}
	return resp, nil
}

// headersFor copies what forwarded lists. Alerting sets its headers plainly, users' requests carry theirs as HTTP headers.
func headersFor(plain map[string]string, carried http.Header) http.Header {
	header := http.Header{}
	for _, name := range forwarded {
		if value := carried.Get(name); value != "" {
			header.Set(name, value)
		} else if value := plain[name]; value != "" {
			header.Set(name, value)
		}
	}
	return header
}
