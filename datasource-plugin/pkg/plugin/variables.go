package plugin

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

var (
	variable      = regexp.MustCompile(`\$[A-Za-z_]\w*|\$\{[^}]+\}|\[\[[^\]]+\]\]`)
	wholeVariable = regexp.MustCompile(`^(?:` + variable.String() + `)$`)
)

// checkVariables refuses a dashboard variable that nobody replaced. No name of the contract holds a dollar sign; a value of a filter
// may (Cash$back), so there only what is nothing but a variable counts as one, unless it is said to be a name.
func checkVariables(query backend.DataQuery, form savedForm, asked metricQuery) error {
	for _, text := range namesIn(form, asked) {
		if found := variable.FindString(text); found != "" {
			return fmt.Errorf("query %s uses %s, which has no value here. Alert rules and shared dashboards cannot use dashboard variables: choose fixed values, or leave the field empty for all", query.RefID, found)
		}
	}
	for _, filter := range form.Filters {
		for _, value := range filter.unsettled() {
			if wholeVariable.MatchString(value) {
				return fmt.Errorf("query %s filters by %s, which has no value here. Alert rules and shared dashboards cannot use dashboard variables: choose fixed values, or leave the filter empty for all. If it is a name, choose it from the list in the query editor", query.RefID, value)
			}
		}
	}
	return nil
}

// namesIn lists every text of a query but the values of its filters.
func namesIn(form savedForm, asked metricQuery) []string {
	texts := slices.Clone(form.Instances)
	for _, filter := range form.Filters {
		if len(textsIn(filter.Values)) > 0 {
			texts = append(texts, textsIn(filter.Dimension)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		var value any
		// Cannot fail: the field was read out of a JSON text.
		if json.Unmarshal(asked[name], &value) == nil && name != "refId" && name != "filters" {
			texts = append(texts, textsIn(value)...)
		}
	}
	return texts
}

// takenAsWritten lists values that hold what reads like a variable, where nobody could fill it in: they are sent as they stand.
func takenAsWritten(form savedForm) []string {
	if form.Interpolated {
		return nil
	}
	var values []string
	for _, filter := range form.Filters {
		values = append(values, slices.DeleteFunc(filter.unsettled(), func(value string) bool { return !variable.MatchString(value) })...)
	}
	return values
}

// textsIn lists every text in a JSON value, however deep. Names of fields are none.
func textsIn(value any) []string {
	switch typed := value.(type) {
	case string:
		return []string{typed}
	case []any:
		var texts []string
		for _, item := range typed {
			texts = append(texts, textsIn(item)...)
		}
		return texts
	case map[string]any:
		var texts []string
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			texts = append(texts, textsIn(typed[name])...)
		}
		return texts
	}
	return nil
}
