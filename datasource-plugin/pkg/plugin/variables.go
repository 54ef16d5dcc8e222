package plugin

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
)

var (
	variable      = regexp.MustCompile(`\$[A-Za-z_]\w*|\$\{[^}]+\}|\[\[[^\]]+\]\]`)
	wholeVariable = regexp.MustCompile(`^(?:` + variable.String() + `)$`)
)

// unfilledVariable finds a dashboard variable that nobody replaced. After the front end has filled them in, a dollar sign inside
// a value is part of it (a campaign's name may hold one); only a value that is nothing but a variable is then a mistake.
func unfilledVariable(form savedForm, query metricQuery) string {
	pattern := variable
	if form.Interpolated {
		pattern = wholeVariable
	}
	texts := slices.Clone(form.Instances)
	for _, name := range slices.Sorted(maps.Keys(query)) {
		var value any
		// Cannot fail: the field was read out of a JSON text.
		if json.Unmarshal(query[name], &value) == nil && name != "refId" {
			texts = append(texts, textsIn(value)...)
		}
	}
	for _, text := range texts {
		if found := pattern.FindString(text); found != "" {
			return found
		}
	}
	return ""
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
