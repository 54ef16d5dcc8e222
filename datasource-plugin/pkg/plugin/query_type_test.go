package plugin

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// As the collector answers, shortened.
const refusedType = `{"detail":"The request has a mistake: body.queries.0.queryType: Invalid option: expected one of \"metrics\"|\"freshness\"","remedy":"Correct what the answer names.","code":"invalid_request","errors":[{"path":"body.queries.0.queryType","message":"Invalid option: expected one of \"metrics\"|\"freshness\""}]}`

func TestAnUnknownQueryTypeIsNamedInWords(t *testing.T) {
	d := startCollector(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, 400, "application/problem+json", refusedType)
	})
	err := ask(t, d, nil, dataQuery("B", `{"queryType":"timeSeries"}`))["B"].Error
	require.ErrorContains(t, err, `Query B has the type "timeSeries", which this data source does not know (Invalid option: expected one of "metrics"|"freshness").`)
	require.ErrorContains(t, err, "choose a query type and save it")
	require.NotContains(t, err.Error(), "body.queries")
}

func TestAnotherMistakeKeepsTheCollectorsWords(t *testing.T) {
	d := startCollector(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, 400, "application/problem+json", `{"detail":"The request has a mistake.","errors":[{"path":"body.queries.0.grain","message":"Invalid option"}]}`)
	})
	err := ask(t, d, nil, dataQuery("B", `{"queryType":"metrics","grain":"hour"}`))["B"].Error
	require.ErrorContains(t, err, "The request has a mistake. body.queries.0.grain: Invalid option.")
}
