package plugin

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// queryVersion is the newest saved form this backend reads; the front end writes it.
const queryVersion = 1

// savedQuery is a query as dashboards and alert rules keep it. Grafana's own fields (datasource, hide, key, intervalMs …) and
// anything unknown are left behind, because the collector refuses what it does not know.
type savedQuery struct {
	metricQuery
	Instances []string `json:"instances"`
	Version   int      `json:"version"`
	// Interpolated tells that the front end filled in the variables, which Grafana does not do for alert rules and shared dashboards.
	Interpolated bool `json:"interpolated"`
}

// metricQuery is the collector's contract (contract/query.ts). What is missing, null or empty is left out, so that the contract's
// defaults hold for old queries and for shared dashboards, which send only what was saved.
type metricQuery struct {
	RefID     string `json:"refId"`
	QueryType string `json:"queryType,omitempty"`
	Dataset   string `json:"dataset,omitempty"`
	// DatasetVersion is not the saved form's own version, which stays here.
	DatasetVersion *int     `json:"datasetVersion,omitempty"`
	Metrics        []string `json:"metrics,omitempty"`
	Dimensions     []string `json:"dimensions,omitempty"`
	Filters        []filter `json:"filters,omitempty"`
	Grain          string   `json:"grain,omitempty"`
	Partial        string   `json:"partial,omitempty"`
	Compare        string   `json:"compare,omitempty"`
	Latest         bool     `json:"latest,omitempty"`
	Format         string   `json:"format,omitempty"`
	OrderBy        *order   `json:"orderBy,omitempty"`
	Limit          *int     `json:"limit,omitempty"`
}

type filter struct {
	Dimension string   `json:"dimension"`
	Operator  string   `json:"operator,omitempty"`
	Values    []string `json:"values"`
}

type order struct {
	By        string `json:"by"`
	Direction string `json:"direction,omitempty"`
}

// queryRequest is the body of POST /v1/query. Instants are milliseconds since 1970 UTC.
type queryRequest struct {
	From          int64         `json:"from"`
	To            int64         `json:"to"`
	Instances     []string      `json:"instances,omitempty"`
	MaxDataPoints int64         `json:"maxDataPoints,omitempty"`
	Queries       []metricQuery `json:"queries"`
}

// toRequest reads a saved query. Errors are the asker's to correct.
func toRequest(query backend.DataQuery) (*queryRequest, error) {
	var saved savedQuery
	if err := json.Unmarshal(query.JSON, &saved); err != nil {
		return nil, fmt.Errorf("query %s cannot be read: %w. Open it in the editor and save it again", query.RefID, err)
	}
	if saved.Version > queryVersion {
		return nil, fmt.Errorf("query %s was saved by a newer version of this plugin (query version %d, this one reads up to %d). Update the plugin", query.RefID, saved.Version, queryVersion)
	}
	if variable := saved.unfilledVariable(); variable != "" {
		return nil, fmt.Errorf("query %s uses %s, which has no value here. Alert rules and shared dashboards cannot use dashboard variables: choose fixed values, or leave the field empty for all", query.RefID, variable)
	}
	saved.RefID = query.RefID
	// A filter without values filters nothing, and an order by nothing orders nothing.
	saved.Filters = slices.DeleteFunc(saved.Filters, func(f filter) bool { return len(f.Values) == 0 })
	if saved.OrderBy != nil && saved.OrderBy.By == "" {
		saved.OrderBy = nil
	}
	return &queryRequest{
		From:          query.TimeRange.From.UnixMilli(),
		To:            query.TimeRange.To.UnixMilli(),
		Instances:     saved.Instances,
		MaxDataPoints: maxPoints(query),
		Queries:       []metricQuery{saved.metricQuery},
	}, nil
}

var (
	variable      = regexp.MustCompile(`\$[A-Za-z_]\w*|\$\{[^}]+\}|\[\[[^\]]+\]\]`)
	wholeVariable = regexp.MustCompile(`^(?:` + variable.String() + `)$`)
)

// unfilledVariable finds a dashboard variable that nobody replaced. After the front end has filled them in, a dollar sign inside
// a value is part of it (a campaign's name may hold one); only a value that is nothing but a variable is then a mistake.
func (q *savedQuery) unfilledVariable() string {
	pattern := variable
	if q.Interpolated {
		pattern = wholeVariable
	}
	texts := append([]string{q.Dataset}, q.Instances...)
	texts = append(append(texts, q.Metrics...), q.Dimensions...)
	for _, f := range q.Filters {
		texts = append(append(texts, f.Dimension), f.Values...)
	}
	if q.OrderBy != nil {
		texts = append(texts, q.OrderBy.By)
	}
	for _, text := range texts {
		if found := pattern.FindString(text); found != "" {
			return found
		}
	}
	return ""
}

// maxPoints honours the panel's minimum interval, which the contract does not know: no more points than intervals fit the range.
func maxPoints(query backend.DataQuery) int64 {
	points := max(query.MaxDataPoints, 0)
	if query.Interval < time.Second {
		return points
	}
	intervals := int64((query.TimeRange.Duration() + query.Interval - 1) / query.Interval)
	if intervals > 0 && (points == 0 || intervals < points) {
		return intervals
	}
	return points
}
