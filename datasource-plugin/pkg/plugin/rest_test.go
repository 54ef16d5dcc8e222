package plugin

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAlertRuleLeavesOutWhatAmazonHidUnlessItSays(t *testing.T) {
	var sent struct{ Queries []map[string]any }
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent.Queries = nil
		_ = json.Unmarshal(body, &sent)
		writeJSON(w, http.StatusOK, "application/json", answerA)
	})
	restOf := func(headers map[string]string, model string) any {
		require.NoError(t, ask(t, d, headers, dataQuery("A", model))["A"].Error)
		return sent.Queries[0]["rest"]
	}
	alert := map[string]string{"FromAlert": "true"}
	require.Equal(t, "hide", restOf(alert, `{"metrics":["acos"],"dimensions":["campaign"]}`))
	require.Equal(t, "show", restOf(alert, `{"metrics":["acos"],"dimensions":["campaign"],"rest":"show"}`))
	require.Nil(t, restOf(nil, `{"metrics":["acos"],"dimensions":["campaign"]}`))
	require.Equal(t, "hide", restOf(nil, `{"metrics":["acos"],"rest":"hide"}`))
}
