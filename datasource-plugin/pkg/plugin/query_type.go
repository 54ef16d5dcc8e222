package plugin

import (
	"encoding/json"
	"fmt"
	"strings"
)

// sayUnknownType puts the collector's refusal of a query type into words that somebody in the editor can act on: the type may come from
// a rule whose query Grafana lost, from another data source's query, or from a newer plugin. Which types exist the collector says.
func sayUnknownType(f *failure, refID string, query metricQuery) {
	var named string
	saved, found := query["queryType"]
	if !found || json.Unmarshal(saved, &named) != nil {
		return
	}
	for _, each := range f.problems {
		if strings.HasSuffix(each.Path, "queryType") {
			f.message = fmt.Sprintf("Query %s has the type %q, which this data source does not know (%s).", refID, named, strings.TrimSuffix(each.Message, "."))
			f.remedy = "Open the query in the editor, choose a query type and save it. If the plugin is newer than the collector, update the collector."
		}
	}
}
