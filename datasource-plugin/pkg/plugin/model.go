package plugin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// queryVersion is the newest saved form this backend reads; the front end writes it.
const queryVersion = 2

// savedForm is what the front end keeps in a query beside the contract's fields.
type savedForm struct {
	Instances []string `json:"instances"`
	Version   int      `json:"version"`
	// Interpolated tells that the front end filled in the variables, which Grafana does not do for alert rules and shared dashboards.
	Interpolated bool `json:"interpolated"`
	// TimeZone is the zone in which the range was chosen (IANA); the front end writes it. Alert rules and shared dashboards have none.
	TimeZone string        `json:"timeZone"`
	Filters  []savedFilter `json:"filters"`
}

// stayHere are the fields of a saved query that are none of the contract's: the front end's own (savedForm), and what Grafana puts
// beside them (CommonQueryProperties of its SDK; key, queryCachingTTL and timeRangeCompare in the browser). queryType is Grafana's word
// and ours.
var stayHere = []string{
	"instances", "version", "interpolated", "timeZone", "editorMode",
	"refId", "datasource", "datasourceId", "hide", "intervalMs", "maxDataPoints", "timeRange", "resultAssertions",
	"key", "queryCachingTTL", "timeRangeCompare",
}

// staysHere tells whether a field is none of the contract's. Grafana has begun to mark its own with an underscore (_timeRange).
func staysHere(name string) bool {
	return strings.HasPrefix(name, "_") || slices.Contains(stayHere, name)
}

// metricQuery is a query of the collector's contract (contract/query.ts), its fields as they were saved. They are not read here, so
// that a new one arrives without a change; what the collector does not know it refuses by name.
type metricQuery map[string]json.RawMessage

// queryRequest is the body of POST /v1/query. Instants are milliseconds since 1970 UTC.
type queryRequest struct {
	From          int64         `json:"from"`
	To            int64         `json:"to"`
	TimeZone      string        `json:"timeZone,omitempty"`
	Instances     []string      `json:"instances,omitempty"`
	MaxDataPoints int64         `json:"maxDataPoints,omitempty"`
	Queries       []metricQuery `json:"queries"`
	// asWritten are values of filters that may have been meant as variables and were sent as they stand.
	asWritten []string
}

// toRequest reads a saved query. Errors are the asker's to correct.
func toRequest(query backend.DataQuery) (*queryRequest, error) {
	var form savedForm
	if err := json.Unmarshal(query.JSON, &form); err != nil {
		return nil, unreadable(query, err)
	}
	if form.Version > queryVersion {
		return nil, fmt.Errorf("query %s was saved by a newer version of this plugin (query version %d, this one reads up to %d). Update the plugin", query.RefID, form.Version, queryVersion)
	}
	if err := checkTimeZone(query, form.TimeZone); err != nil {
		return nil, err
	}
	asked, err := toMetricQuery(query)
	if err != nil {
		return nil, unreadable(query, err)
	}
	if err := checkVariables(query, form, asked); err != nil {
		return nil, err
	}
	return &queryRequest{
		From:          query.TimeRange.From.UnixMilli(),
		To:            query.TimeRange.To.UnixMilli(),
		TimeZone:      form.TimeZone,
		Instances:     form.Instances,
		MaxDataPoints: maxPoints(query),
		Queries:       []metricQuery{asked},
		asWritten:     takenAsWritten(form),
	}, nil
}

func unreadable(query backend.DataQuery, err error) error {
	return fmt.Errorf("query %s cannot be read: %w. Open it in the editor and save it again", query.RefID, err)
}

// toMetricQuery takes what says something out of a saved query. Null and an empty text (Grafana saves queryType: "") say nothing, nor
// do filters without values and an order by nothing: the contract's defaults hold, for old queries and for shared dashboards too.
func toMetricQuery(query backend.DataQuery) (metricQuery, error) {
	var saved metricQuery
	if err := json.Unmarshal(query.JSON, &saved); err != nil {
		return nil, err
	}
	refID, err := json.Marshal(query.RefID)
	if err != nil {
		return nil, err
	}
	asked := metricQuery{"refId": refID}
	for name, value := range saved {
		switch {
		case staysHere(name), string(value) == "null", string(value) == `""`:
			continue
		case name == "filters":
			if value, err = filtersToAsk(value); err != nil {
				return nil, err
			}
		case name == "orderBy" && ordersNothing(value):
			continue
		case name == "calculated":
			if value, err = calculatedToAsk(value); err != nil {
				return nil, err
			}
		}
		asked[name] = value
	}
	return asked, nil
}

// calculatedToAsk leaves out calculated metrics that somebody is still writing: without a name or an expression they say nothing.
func calculatedToAsk(saved json.RawMessage) (json.RawMessage, error) {
	var metrics []json.RawMessage
	if err := json.Unmarshal(saved, &metrics); err != nil {
		return nil, err
	}
	asked := slices.DeleteFunc(metrics, func(metric json.RawMessage) bool {
		var read struct{ Name, Expression *string }
		// What is of another form is the collector's to refuse, and so is a field that is missing.
		return json.Unmarshal(metric, &read) == nil && (isEmpty(read.Name) || isEmpty(read.Expression))
	})
	return json.Marshal(asked)
}

func isEmpty(text *string) bool { return text != nil && *text == "" }

func ordersNothing(saved json.RawMessage) bool {
	var read struct{ By string }
	return json.Unmarshal(saved, &read) == nil && read.By == ""
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
