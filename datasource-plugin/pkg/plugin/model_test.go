package plugin

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsStillBeingWrittenOrOnlyTheEditorsIsNotSent(t *testing.T) {
	request, err := toRequest(dataQuery("A", `{"metrics":["spend"],"editorMode":"code","legend":"",
		"calculated":[{"name":"","expression":""},{"name":"cpc","expression":"spend / clicks"},{"name":"x","expression":""},{"name":"misspelt"}]}`))
	require.NoError(t, err)
	sent, err := json.Marshal(request.Queries[0])
	require.NoError(t, err)
	require.JSONEq(t, `{"refId":"A","metrics":["spend"],"calculated":[{"name":"cpc","expression":"spend / clicks"},{"name":"misspelt"}]}`, string(sent))
}
