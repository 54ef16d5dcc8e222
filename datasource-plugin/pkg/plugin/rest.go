package plugin

import (
	"encoding/json"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// leaveOutForAlerts leaves the part that Amazon hid out of an alert rule that does not say, in whatever format it asks: an alert named
// (suppressed) is nobody's to act on. Grafana marks what its alerting asks with a header.
func (q metricQuery) leaveOutForAlerts(header http.Header) {
	if _, said := q["rest"]; !said && header.Get(backend.FromAlertHeaderName) == "true" {
		q["rest"] = json.RawMessage(`"hide"`)
	}
}
