package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// hop is one step of the way from Grafana to Amazon, as the collector's /v1/health tells them.
type hop struct {
	Hop     string  `json:"hop"`
	Status  string  `json:"status"` // ok, degraded, failed or unknown
	Message string  `json:"message"`
	Remedy  *string `json:"remedy"`
}

type health struct {
	Status  string `json:"status"`
	Version string `json:"version"`
	Hops    []hop  `json:"hops"`
	Caller  *struct {
		Workspace string `json:"workspace"`
		Role      string `json:"role"`
	} `json:"caller"`
}

// CheckHealth walks the way hop by hop and names the first that failed, with what to do. Details list every hop.
func (d *Datasource) CheckHealth(ctx context.Context, req *backend.CheckHealthRequest) (*backend.CheckHealthResult, error) {
	if d.broken != nil {
		return report(nil, nil, d.broken), nil
	}
	passed := []hop{{Hop: hopSettings, Status: "ok", Message: "URL and token are set."}}
	header := headersFor(req.Headers, req.GetHTTPHeaders())
	answer, err := d.client.health(ctx, header)
	if err == nil {
		passed = append(passed,
			hop{Hop: hopConnection, Status: "ok", Message: fmt.Sprintf("The collector %s answers at %s.", answer.Version, d.client.base.Host)},
			tokenHop(answer))
		return report(append(passed, answer.Hops...), answer, nil), nil
	}

	var f *failure
	if !errors.As(err, &f) {
		f = &failure{hop: hopConnection, message: err.Error(), cause: err}
	}
	if f.hop == hopToken {
		passed = append(passed, hop{Hop: hopConnection, Status: "ok", Message: fmt.Sprintf("The collector answers at %s.", d.client.base.Host)})
		f = d.tokenOrIdentity(ctx, f, header.Get("X-Grafana-Id") != "")
		if f.hop == hopIdentity {
			passed = append(passed, hop{Hop: hopToken, Status: "ok", Message: "The token is accepted."})
		}
	}
	return report(passed, nil, f), nil
}

// tokenOrIdentity tells a wrong token from a right one whose collector does not accept who this Grafana says is asking.
func (d *Datasource) tokenOrIdentity(ctx context.Context, f *failure, identified bool) *failure {
	if !identified {
		return f
	}
	if _, err := d.client.health(ctx, http.Header{}); err != nil {
		return f
	}
	identity := *f
	identity.hop = hopIdentity
	identity.remedy = "Check this Grafana's URL, key address and organisations in the workspace's settings of the collector."
	return &identity
}

func tokenHop(answer *health) hop {
	if answer.Caller == nil {
		remedy := "Make a new token with the collector's command line and save it in this data source."
		return hop{Hop: hopToken, Status: "failed", Message: "The collector does not know this token.", Remedy: &remedy}
	}
	return hop{Hop: hopToken, Status: "ok", Message: fmt.Sprintf("The token opens workspace %s; you are %s there.", answer.Caller.Workspace, answer.Caller.Role)}
}

func (c *client) health(ctx context.Context, header http.Header) (*health, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	resp, err := c.do(ctx, http.MethodGet, "/v1/health", "", nil, header)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxProblemBytes))
	if err != nil {
		return nil, unreachable(c.base, err)
	}
	// A collector whose database is away answers 503 with the same report, so the form decides, not the status.
	var answer health
	if isJSON(resp) && json.Unmarshal(body, &answer) == nil && len(answer.Hops) > 0 {
		return &answer, nil
	}
	if resp.StatusCode == http.StatusOK {
		return nil, notACollector(resp)
	}
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	return nil, refused(resp)
}

// report names the first hop that failed, else the first that is degraded. A degraded collector still answers queries.
func report(hops []hop, answer *health, f *failure) *backend.CheckHealthResult {
	if f != nil {
		hops = append(hops, hop{Hop: f.hop, Status: "failed", Message: f.message, Remedy: &f.remedy})
	}
	result := &backend.CheckHealthResult{Status: backend.HealthStatusOk, Message: "Everything works, from Grafana to Amazon Marketing Cloud."}
	if bad := first(hops, "failed"); bad != nil {
		result.Status, result.Message = backend.HealthStatusError, bad.sentence()
	} else if weak := first(hops, "degraded"); weak != nil {
		result.Message = "Connected, but not everything works. " + weak.sentence()
	} else if answer != nil && answer.Status == "failed" {
		result.Status, result.Message = backend.HealthStatusError, "The collector reports that it does not work. See its log."
	}
	var lines []string
	for _, each := range hops {
		lines = append(lines, each.Status+" · "+each.sentence())
	}
	// verboseMessage is what Grafana shows under the message; hops are for programs.
	result.JSONDetails, _ = json.Marshal(map[string]any{"hops": hops, "verboseMessage": strings.Join(lines, "\n")})
	return result
}

func first(hops []hop, status string) *hop {
	for i := range hops {
		if hops[i].Status == status {
			return &hops[i]
		}
	}
	return nil
}

func (h hop) sentence() string {
	name := strings.ToUpper(h.Hop[:min(1, len(h.Hop))]) + h.Hop[min(1, len(h.Hop)):]
	if h.Hop == "amc" {
		name = "AMC"
	}
	text := name + ": " + h.Message
	if h.Remedy != nil && *h.Remedy != "" {
		text += " " + *h.Remedy
	}
	return text
}
