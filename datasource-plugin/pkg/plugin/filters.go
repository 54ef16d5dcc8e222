package plugin

import (
	"encoding/json"
	"slices"
)

// savedFilter is a filter of a saved query, as far as it is read here.
type savedFilter struct {
	Dimension any `json:"dimension"`
	Values    any `json:"values"`
	// Fixed are those of the values that read like a variable and are names: the front end knows, since they were chosen from a list.
	Fixed []string `json:"fixed"`
}

// unsettled lists the values that nobody said are names.
func (f savedFilter) unsettled() []string {
	return slices.DeleteFunc(textsIn(f.Values), func(value string) bool { return slices.Contains(f.Fixed, value) })
}

// filtersToAsk takes the filters that have values out of the saved ones, in the contract's form.
func filtersToAsk(saved json.RawMessage) (json.RawMessage, error) {
	var filters []json.RawMessage
	if err := json.Unmarshal(saved, &filters); err != nil {
		return nil, err
	}
	asked := []json.RawMessage{}
	for _, filter := range filters {
		var fields map[string]json.RawMessage
		if json.Unmarshal(filter, &fields) != nil {
			// None that can be read: the collector's to refuse.
			asked = append(asked, filter)
			continue
		}
		if !hasValues(fields) {
			continue
		}
		delete(fields, "fixed")
		contracts, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		asked = append(asked, contracts)
	}
	return json.Marshal(asked)
}

func hasValues(filter map[string]json.RawMessage) bool {
	saved, found := filter["values"]
	var values []json.RawMessage
	// What is no list is the collector's to refuse.
	return found && (json.Unmarshal(saved, &values) != nil || len(values) > 0)
}
