package plugin

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
)

// filtersSent are the filters that the collector gets for saved ones.
func filtersSent(t *testing.T, model string) string {
	t.Helper()
	var sent struct {
		Queries []struct{ Filters json.RawMessage }
	}
	require.NoError(t, json.Unmarshal([]byte(sentFor(t, dataQuery("A", model))), &sent))
	return string(sent.Queries[0].Filters)
}

func TestFixedValueIsData(t *testing.T) {
	t.Run("with a dollar sign, in an alert rule", func(t *testing.T) {
		const filters = `[{"dimension":"campaign","operator":"in","values":["Cash$back","A$AP {50%}","$10 off","US$ Sale","[[Q4]] Brand"]}]`
		require.JSONEq(t, filters, filtersSent(t, `{"filters":`+filters+`}`))
	})
	t.Run("that reads like a variable from end to end, when it was chosen from the list", func(t *testing.T) {
		require.JSONEq(t, `[{"dimension":"campaign","operator":"in","values":["$ave","[[Q4]]","${sale}"]}]`,
			filtersSent(t, `{"filters":[{"dimension":"campaign","operator":"in","values":["$ave","[[Q4]]","${sale}"],"fixed":["[[Q4]]","$ave","${sale}"]}]}`))
	})
	t.Run("after variables were filled in", func(t *testing.T) {
		require.JSONEq(t, `[{"dimension":"campaign","values":["Cash$back {50%}"]}]`,
			filtersSent(t, `{"interpolated":true,"filters":[{"dimension":"campaign","values":["Cash$back {50%}"]}]}`))
	})
	t.Run("beside a filter that filters nothing", func(t *testing.T) {
		require.JSONEq(t, `[]`, filtersSent(t, `{"filters":[{"dimension":"$by","values":[]}]}`))
	})
}

func TestWhatMayHaveBeenAVariableIsSaid(t *testing.T) {
	d := startCollector(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, "application/json", answerA) })
	notices := func(model string) []data.Notice {
		response := ask(t, d, nil, dataQuery("A", model))["A"]
		require.NoError(t, response.Error)
		return response.Frames[0].Meta.Notices
	}
	said := notices(`{"filters":[{"dimension":"campaign","operator":"contains","values":["brand-$country"]}]}`)
	require.Len(t, said, 1)
	require.Equal(t, "Filtered by brand-$country as it is written: dashboard variables have no value here.", said[0].Text)
	require.Empty(t, notices(`{"filters":[{"dimension":"campaign","values":["Cash$back"],"fixed":["Cash$back"]}]}`))
	require.Empty(t, notices(`{"interpolated":true,"filters":[{"dimension":"campaign","values":["Cash$back"]}]}`))
	require.Empty(t, notices(`{"filters":[{"dimension":"campaign","values":["plain"]}]}`))
}
