package plugin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// The way of a question, hop by hop. What lies behind the token the collector's own health answer names.
const (
	hopSettings   = "settings"
	hopConnection = "connection"
	hopToken      = "token"
	hopIdentity   = "identity"
)

// maxProblemBytes is far more than a problem needs and little enough to read from a stranger.
const maxProblemBytes = 64 << 10

// failure says which hop failed, what happened there and what to do about it.
type failure struct {
	hop     string
	message string
	remedy  string
	status  backend.Status
	source  backend.ErrorSource
	cause   error
	// problems are the parts of a request that the collector refused, one by one.
	problems []refusedPart
}

func (f *failure) Error() string { return strings.TrimSpace(f.message + " " + f.remedy) }
func (f *failure) Unwrap() error { return f.cause }

// unreachable turns an error of the transport into the hop that broke. It tells errors apart by type, never by their text.
func unreachable(base *url.URL, err error) *failure {
	f := &failure{hop: hopConnection, status: backend.StatusBadGateway, source: backend.ErrorSourceDownstream, cause: err}
	var (
		dns    *net.DNSError
		dial   *net.OpError
		host   x509.HostnameError
		verify *tls.CertificateVerificationError
		record tls.RecordHeaderError
		timed  net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		f.status = backend.Status(499)
		f.message = "The request was cancelled before the collector answered."
	case errors.As(err, &dns):
		f.message = fmt.Sprintf("The name %q cannot be resolved.", base.Hostname())
		f.remedy = "Check the host in the collector's URL. From inside a container, localhost is the container itself: use the collector's service name."
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		f.message = fmt.Sprintf("%s does not speak TLS.", base.Host)
		f.remedy = "Use http:// in the collector's URL, or put TLS in front of the collector."
	case errors.As(err, &host):
		f.message = fmt.Sprintf("The certificate of %s is made out for another name.", base.Host)
		f.remedy = "Use the name in the certificate, or have one issued for this name."
	case errors.As(err, &verify):
		f.message = fmt.Sprintf("The certificate of %s is not trusted: %s.", base.Host, deepest(err))
		f.remedy = "Give its certificate authority in the data source's settings (Own certificate authority; in provisioning jsonData.tlsAuthWithCACert and secureJsonData.tlsCACert), or use a certificate from a trusted one."
	case errors.Is(err, context.DeadlineExceeded), errors.As(deepest(err), &timed) && timed.Timeout():
		f.status = backend.StatusTimeout
		f.message = fmt.Sprintf("The collector at %s did not answer in time.", base.Host)
		f.remedy = "Ask for a shorter range, or raise the timeout in the data source's settings. If it never answers, see the collector's log."
	case errors.As(err, &dial) && dial.Op == "dial":
		f.message = fmt.Sprintf("Nothing answers at %s (%s).", base.Host, deepest(err))
		f.remedy = "Start the collector, and check host and port of its URL as seen from the Grafana server."
	default:
		f.message = fmt.Sprintf("The connection to %s broke: %s.", base.Host, deepest(err))
		f.remedy = "Try again; if it goes on, see the collector's log."
	}
	return f
}

// deepest drops the layers that repeat method and URL.
func deepest(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}

// problem is the collector's RFC 9457 error.
type problem struct {
	Detail      string        `json:"detail"`
	Remedy      string        `json:"remedy"`
	Code        string        `json:"code"`
	Errors      []refusedPart `json:"errors"`
	Suggestions []string      `json:"suggestions"`
}

// refusedPart is a field of a request that the collector cannot use. Its path reads like queries.0.queryType.
type refusedPart struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// refused turns an answer other than 200 into a failure, with the collector's own words where it sent some.
func refused(resp *http.Response) *failure {
	f := &failure{hop: hopConnection, status: backend.Status(resp.StatusCode), source: backend.ErrorSourceDownstream}
	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		f.hop = hopToken
	}
	var p problem
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxProblemBytes))
	if isJSON(resp) && json.Unmarshal(body, &p) == nil && p.Detail != "" {
		f.message, f.remedy, f.problems = p.Detail, p.Remedy, p.Errors
		for _, each := range p.Errors {
			f.message += fmt.Sprintf(" %s: %s.", each.Path, strings.TrimSuffix(each.Message, "."))
		}
		if len(p.Suggestions) > 0 {
			f.message += " Did you mean " + strings.Join(p.Suggestions, ", ") + "?"
		}
		return f
	}
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		f.message, f.remedy = "The collector does not know this token.", "Make a new token with the collector's command line and save it in this data source."
	case resp.StatusCode == http.StatusForbidden:
		f.message, f.remedy = "The collector, or a proxy before it, forbids this request.", "Check what the token may see, and the proxy's rules."
	case resp.StatusCode >= 500:
		f.message, f.remedy = fmt.Sprintf("The collector, or a proxy before it, answered %s.", resp.Status), "See the collector's log."
	default:
		return notACollector(resp)
	}
	return f
}

// notACollector is for answers that no collector gives: the URL leads to another program.
func notACollector(resp *http.Response) *failure {
	return &failure{
		hop:     hopConnection,
		status:  backend.StatusBadGateway,
		source:  backend.ErrorSourceDownstream,
		message: fmt.Sprintf("%s answers, but not as a collector (%s, %s).", resp.Request.URL.Host, resp.Status, contentType(resp)),
		remedy:  "Check host, port and path of the collector's URL.",
	}
}

func contentType(resp *http.Response) string {
	media, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return "no content type"
	}
	return media
}

func isJSON(resp *http.Response) bool {
	media := contentType(resp)
	return media == "application/json" || strings.HasSuffix(media, "+json")
}
