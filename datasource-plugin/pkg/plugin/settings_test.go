package plugin

import (
	"context"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

func TestSettingsMistakesAreToldAllAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		jsonData string
		token    string
		says     []string
	}{
		"nothing set":          {`{}`, "", []string{"URL is missing (jsonData.url)", "token is missing (secureJsonData.token)"}},
		"no settings at all":   {``, "", []string{"URL is missing"}},
		"blanks only":          {`{"url":"  "}`, " ", []string{"URL is missing", "token is missing"}},
		"a host without http":  {`{"url":"collector:8085"}`, "t", []string{"must look like http://collector:8085"}},
		"another protocol":     {`{"url":"ftp://collector"}`, "t", []string{"must look like"}},
		"a password in it":     {`{"url":"http://me:secret@collector"}`, "t", []string{"must not hold a user or password"}},
		"a query in it":        {`{"url":"http://collector?a=1"}`, "t", []string{"must end before any ?"}},
		"an endless wait":      {`{"url":"http://collector","timeout":0}`, "t", []string{"between 1 and 300"}},
		"a very long wait":     {`{"url":"http://collector","timeout":9999}`, "t", []string{"between 1 and 300"}},
		"settings of no form":  {`[]`, "t", []string{"cannot be used"}},
		"a URL that is a list": {`{"url":[]}`, "t", []string{"cannot be used"}},
	} {
		t.Run(name, func(t *testing.T) {
			instance, err := NewDatasource(context.Background(), backend.DataSourceInstanceSettings{JSONData: []byte(c.jsonData), DecryptedSecureJSONData: map[string]string{"token": c.token}})
			require.NoError(t, err)
			d := instance.(*Datasource)
			result, hops := check(t, d, nil)
			require.Equal(t, backend.HealthStatusError, result.Status)
			require.Equal(t, []string{"settings failed"}, names(hops))
			for _, sentence := range c.says {
				require.Contains(t, result.Message, sentence)
			}
			require.NotContains(t, result.Message, "secret@")
			require.ErrorContains(t, ask(t, d, nil, dataQuery("A", `{}`))["A"].Error, c.says[0])
			pieces := call(t, d, &backend.CallResourceRequest{Method: "GET", Path: "v1/catalogue", URL: "v1/catalogue"})
			require.Equal(t, 400, pieces[0].Status)
		})
	}
}

func TestBlanksAroundURLAndTokenDoNotMatter(t *testing.T) {
	settings, broken := parseSettings(backend.DataSourceInstanceSettings{
		JSONData: []byte(`{"url":" http://collector:8085/ "}`), DecryptedSecureJSONData: map[string]string{"token": " t\n"},
	})
	require.Nil(t, broken)
	require.Equal(t, "collector:8085", settings.URL.Host)
	require.Equal(t, "t", settings.Token)
}
