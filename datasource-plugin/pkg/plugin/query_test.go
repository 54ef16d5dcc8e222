package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

const answerA = `{"results":{"A":{"status":200,"frames":[{"schema":{"refId":"A","meta":{"type":"numeric-multi","typeVersion":[0,1]},"fields":[{"name":"value","type":"number","typeInfo":{"frame":"float64","nullable":true}}]},"data":{"values":[[1.5]]}}]}}}`

// goldenFiles are whole answers: ours, and those the collector's own tests keep.
func goldenFiles(t *testing.T) []string {
	t.Helper()
	ours, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, ours)
	collectors, err := filepath.Glob("../../../collector-service/src/engine/query/golden/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, collectors)
	return append(ours, collectors...)
}

func TestCollectorsAnswerPassesUnchanged(t *testing.T) {
	for _, file := range goldenFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			golden, err := os.ReadFile(file)
			require.NoError(t, err)
			var whole struct {
				Results map[string]json.RawMessage `json:"results"`
			}
			require.NoError(t, json.Unmarshal(golden, &whole))
			d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
				refID := sentRefID(t, r)
				one, _ := json.Marshal(map[string]any{"results": map[string]any{refID: whole.Results[refID]}})
				writeJSON(w, http.StatusOK, "application/json; charset=utf-8", string(one))
			})
			queries := []backend.DataQuery{}
			for refID := range whole.Results {
				queries = append(queries, dataQuery(refID, `{"metrics":["spend"],"version":1}`))
			}
			response, err := d.QueryData(context.Background(), &backend.QueryDataRequest{Queries: queries})
			require.NoError(t, err)
			passed, err := json.Marshal(response)
			require.NoError(t, err)
			require.JSONEq(t, withoutSilentDefaults(t, golden), withoutSilentDefaults(t, passed))
		})
	}
}

// withoutSilentDefaults drops what the SDK leaves out because a missing one means the same: "nullable": false, empty labels,
// an empty config and an empty list of frames.
func withoutSilentDefaults(t *testing.T, answer []byte) string {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal(answer, &value))
	var clean func(any)
	clean = func(value any) {
		switch typed := value.(type) {
		case map[string]any:
			for name, inner := range typed {
				object, isObject := inner.(map[string]any)
				list, isList := inner.([]any)
				switch {
				case name == "nullable" && inner == false,
					(name == "labels" || name == "config") && isObject && len(object) == 0,
					name == "frames" && isList && len(list) == 0:
					delete(typed, name)
					continue
				}
				clean(inner)
			}
		case []any:
			for _, inner := range typed {
				clean(inner)
			}
		}
	}
	clean(value)
	cleaned, err := json.Marshal(value)
	require.NoError(t, err)
	return string(cleaned)
}

func sentRefID(t *testing.T, r *http.Request) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	var sent struct{ Queries []struct{ RefID string } }
	require.NoError(t, json.Unmarshal(body, &sent))
	return sent.Queries[0].RefID
}

// sentFor returns the body that the collector gets for a saved query.
func sentFor(t *testing.T, query backend.DataQuery) string {
	t.Helper()
	var sent string
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "POST /v1/query", r.Method+" "+r.URL.Path)
		require.Equal(t, "application/json", r.Header.Get("Content-Type"))
		body, _ := io.ReadAll(r.Body)
		sent = string(body)
		writeJSON(w, http.StatusOK, "application/json", answerA)
	})
	require.NoError(t, ask(t, d, nil, query)["A"].Error)
	return sent
}

func TestSavedQueryIsForwarded(t *testing.T) {
	nothing := sentFor(t, dataQuery("A", `{}`))
	t.Run("what is missing is left to the contract's defaults", func(t *testing.T) {
		require.JSONEq(t, `{"from":1735689600000,"to":1767139200000,"maxDataPoints":1000,"queries":[{"refId":"A"}]}`, nothing)
	})
	t.Run("null and empty texts mean the same", func(t *testing.T) {
		require.JSONEq(t, nothing, sentFor(t, dataQuery("A", `null`)))
		require.JSONEq(t, nothing,
			sentFor(t, dataQuery("A", `{"queryType":"","grain":"","metrics":null,"filters":null,"limit":null,"orderBy":null,"instances":[],"dataset":""}`)))
	})
	t.Run("a filter without values filters nothing, an order by nothing orders nothing", func(t *testing.T) {
		require.JSONEq(t, sentFor(t, dataQuery("A", `{"filters":[{"dimension":"y","values":["b"]}]}`)),
			sentFor(t, dataQuery("A", `{"filters":[{"dimension":"x","operator":"in","values":[]},{"dimension":"","operator":"="},{"dimension":"y","values":["b"]}],"orderBy":{"by":"","direction":"asc"}}`)))
	})
	t.Run("Grafana's own fields and those of the saved form stay behind", func(t *testing.T) {
		require.JSONEq(t, nothing,
			sentFor(t, dataQuery("A", `{"refId":"Z","datasource":{"uid":"x"},"datasourceId":4,"hide":false,"key":"k","intervalMs":1000,"maxDataPoints":5,"queryCachingTTL":1,"timeRange":{},"_timeRange":{"from":"now-1h"},"timeRangeCompare":false,"version":1,"interpolated":true}`)))
	})
	t.Run("what nobody knows is the collector's to refuse, by its name", func(t *testing.T) {
		require.Contains(t, sentFor(t, dataQuery("A", `{"metric":"spend"}`)), `"metric":"spend"`)
	})
	t.Run("the instances are the request's", func(t *testing.T) {
		require.JSONEq(t, `{"from":1735689600000,"to":1767139200000,"maxDataPoints":1000,"instances":["amc1"],"queries":[{"refId":"A","metrics":["m"]}]}`,
			sentFor(t, dataQuery("A", `{"metrics":["m"],"instances":["amc1"]}`)))
	})
	t.Run("a minimum interval allows only so many points", func(t *testing.T) {
		query := dataQuery("A", `{}`)
		query.Interval = 7 * 24 * time.Hour
		require.Contains(t, sentFor(t, query), `"maxDataPoints":52`)
	})
}

func TestQueriesThatCannotBeAsked(t *testing.T) {
	d := startCollector(t, func(http.ResponseWriter, *http.Request) { t.Error("the collector must not be asked") })
	for name, c := range map[string]struct{ model, message string }{
		"a variable in an alert rule":       {`{"metrics":["spend"],"filters":[{"dimension":"campaign","values":["a","$campaign"]}]}`, "filters by $campaign, which has no value here"},
		"a variable as a dimension":         {`{"filters":[{"dimension":"$by","values":["a"]}]}`, "uses $by"},
		"a value the dashboard lacks":       {`{"interpolated":true,"filters":[{"dimension":"campaign","values":["[[gone]]"]}]}`, "If it is a name, choose it from the list in the query editor"},
		"a zone that is none":               {`{"timeZone":"Europe/Bonn"}`, `names the time zone "Europe/Bonn", which is none`},
		"a zone in Grafana's words":         {`{"timeZone":"browser"}`, "write an IANA name such as Europe/Berlin, or UTC"},
		"the zone of this machine":          {`{"timeZone":"Local"}`, "which is none"},
		"a zone that leads out of its list": {`{"timeZone":"../../etc/passwd"}`, "which is none"},
		"a zone that is no text":            {`{"timeZone":1}`, "cannot be read"},
		"a variable in braces":              {`{"metrics":["${metric:csv}"]}`, "uses ${metric:csv}"},
		"a variable in the old form":        {`{"instances":["[[instance]]"]}`, "uses [[instance]]"},
		"a variable as an order":            {`{"orderBy":{"by":"$metric"}}`, "uses $metric"},
		"a variable the dashboard lacks":    {`{"interpolated":true,"dimensions":["$gone"]}`, "uses $gone"},
		"a variable in a field of tomorrow": {`{"future":{"deep":["$metric"]}}`, "uses $metric"},
		"instances that are no list":        {`{"instances":5}`, "cannot be read"},
		"filters that are no list":          {`{"filters":"x"}`, "Open it in the editor and save it again"},
		"a query that is no object":         {`[]`, "cannot be read"},
		"a query of a newer plugin":         {`{"version":3}`, "newer version of this plugin"},
	} {
		t.Run(name, func(t *testing.T) {
			response := ask(t, d, nil, dataQuery("A", c.model))["A"]
			require.ErrorContains(t, response.Error, c.message)
			require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource)
			require.Equal(t, backend.StatusBadRequest, response.Status)
		})
	}
}

func TestErrorsOfTheCollector(t *testing.T) {
	for name, c := range map[string]struct {
		status      int
		contentType string
		body        string
		message     string
		answers     backend.Status
	}{
		"a problem with suggestions": {400, "application/problem+json", `{"detail":"Unknown metric spent.","code":"unknown_metric","suggestions":["spend"]}`, "Unknown metric spent. Did you mean spend?", 400},
		"a problem with paths":       {400, "application/problem+json", `{"detail":"Invalid.","errors":[{"path":"queries.0.limit","message":"must be positive"}]}`, "Invalid. queries.0.limit: must be positive.", 400},
		"an unknown token":           {401, "application/problem+json", `{"detail":"The bearer token is not known.","remedy":"Set another."}`, "The bearer token is not known. Set another.", 401},
		"a bare 401 of a proxy":      {401, "text/html", `<html>`, "does not know this token", 401},
		"a bare 403 of a proxy":      {403, "text/html", `<html>`, "forbids this request", 403},
		"a proxy without collector":  {502, "text/html", `<html>`, "answered 502 Bad Gateway", 502},
		"another program":            {200, "text/html", `<html>hello</html>`, "not as a collector (200 OK, text/html)", 502},
		"a redirect":                 {302, "text/html", ``, "not as a collector (302 Found", 502},
		"an answer cut short":        {200, "application/json", `{"results":{"A":`, "cannot be read", 502},
		"an answer without frames":   {200, "application/json", `{"frames":[]}`, "cannot be read", 502},
		"an answer to another query": {200, "application/json", `{"results":{"B":{"status":200}}}`, "lacks this query", 502},
	} {
		t.Run(name, func(t *testing.T) {
			d := startCollector(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "http://192.0.2.1/")
				writeJSON(w, c.status, c.contentType, c.body)
			})
			response := ask(t, d, nil, dataQuery("A", `{"metrics":["spend"]}`))["A"]
			require.ErrorContains(t, response.Error, c.message)
			require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource)
			require.Equal(t, c.answers, response.Status)
		})
	}
}

func TestOneFailedQueryLeavesTheOthersTheirAnswers(t *testing.T) {
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		refID := sentRefID(t, r)
		if refID == "B" {
			writeJSON(w, http.StatusOK, "application/json", `{"results":{"B":{"status":422,"error":"Reach has no number for a month."}}}`)
			return
		}
		writeJSON(w, http.StatusOK, "application/json", strings.ReplaceAll(answerA, `"A"`, `"`+refID+`"`))
	})
	responses := ask(t, d, nil, dataQuery("A", `{}`), dataQuery("B", `{}`), dataQuery("C", `{}`))
	require.NoError(t, responses["A"].Error)
	require.NoError(t, responses["C"].Error)
	require.Len(t, responses["C"].Frames, 1)
	require.EqualError(t, responses["B"].Error, "Reach has no number for a month.")
	require.Equal(t, backend.Status(422), responses["B"].Status)
	require.Equal(t, backend.ErrorSourceDownstream, responses["B"].ErrorSource)
}

func TestQueriesAreAskedTenAtATime(t *testing.T) {
	var running, most atomic.Int32
	release := make(chan struct{})
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		now := running.Add(1)
		defer running.Add(-1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		if now == concurrency {
			close(release)
		}
		select {
		case <-release:
		case <-r.Context().Done():
		}
		refID := sentRefID(t, r)
		writeJSON(w, http.StatusOK, "application/json", strings.ReplaceAll(answerA, `"A"`, `"`+refID+`"`))
	})
	queries := make([]backend.DataQuery, concurrency)
	for i := range queries {
		queries[i] = dataQuery(fmt.Sprintf("Q%d", i), `{}`)
	}
	responses := ask(t, d, nil, queries...)
	require.Len(t, responses, concurrency)
	for _, response := range responses {
		require.NoError(t, response.Error)
	}
	require.EqualValues(t, concurrency, most.Load())
}

func TestCancelledQueryEndsAtTheCollectorToo(t *testing.T) {
	began, ended := make(chan struct{}), make(chan struct{})
	d := startCollector(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(began)
		<-r.Context().Done()
		close(ended)
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-began
		cancel()
	}()
	response, err := d.QueryData(ctx, &backend.QueryDataRequest{Queries: []backend.DataQuery{dataQuery("A", `{}`)}})
	require.NoError(t, err)
	require.ErrorIs(t, response.Responses["A"].Error, context.Canceled)
	<-ended
}

func TestOnlyHeadersThatMeanSomethingAreForwarded(t *testing.T) {
	var got http.Header
	d := startCollector(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		writeJSON(w, http.StatusOK, "application/json", answerA)
	})
	t.Run("of a person", func(t *testing.T) {
		ask(t, d, map[string]string{"http_X-Grafana-Id": "signed", "Authorization": "Bearer of-a-person", "Cookie": "grafana_session=1", "http_X-Grafana-User": "eve", "http_X-Dashboard-Uid": "d"}, dataQuery("A", `{}`))
		require.Equal(t, "signed", got.Get("X-Grafana-Id"))
		require.Equal(t, "Bearer "+testToken, got.Get("Authorization"))
		for _, name := range []string{"Cookie", "X-Grafana-User", "X-Dashboard-Uid", "FromAlert"} {
			require.Empty(t, got.Get(name), name)
		}
	})
	t.Run("of an alert rule", func(t *testing.T) {
		ask(t, d, map[string]string{"FromAlert": "true", "X-Cache-Skip": "true", "http_X-Rule-Name": "r"}, dataQuery("A", `{}`))
		require.Equal(t, "true", got.Get("FromAlert"))
		require.Equal(t, "true", got.Get("X-Cache-Skip"))
		require.Empty(t, got.Get("X-Grafana-Id"))
		require.Empty(t, got.Get("X-Rule-Name"))
	})
}

func TestPathOfTheURLIsKept(t *testing.T) {
	var path string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		writeJSON(w, http.StatusOK, "application/json", answerA)
	}))
	t.Cleanup(server.Close)
	require.NoError(t, ask(t, configured(t, server.URL+"/amc/", nil), nil, dataQuery("A", `{}`))["A"].Error)
	require.Equal(t, "/amc/v1/query", path)
}
