package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
	"github.com/grafana/grafana-plugin-sdk-go/experimental/concurrent"
)

const (
	// concurrency is the SDK's own upper limit.
	concurrency = 10
	// maxAnswerBytes keeps a stranger's endless body out of memory; 10,000 rows of 30 metrics stay far below.
	maxAnswerBytes = 64 << 20
)

// QueryData asks the collector for each query by itself, several at a time: one query that fails leaves the others their answers,
// and each may name other instances.
func (d *Datasource) QueryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	header := headersFor(req.Headers, req.GetHTTPHeaders())
	return concurrent.QueryData(ctx, req, func(ctx context.Context, query concurrent.Query) backend.DataResponse {
		return d.answer(ctx, query.DataQuery, header.Clone())
	}, concurrency)
}

// answer gives the collector's response as it is, or an error with its source: the asker's and the collector's are downstream.
func (d *Datasource) answer(ctx context.Context, query backend.DataQuery, header http.Header) backend.DataResponse {
	if d.broken != nil {
		return failed(d.broken)
	}
	request, err := toRequest(query)
	if err != nil {
		return backend.DataResponse{Status: backend.StatusBadRequest, Error: err, ErrorSource: backend.ErrorSourceDownstream}
	}
	request.Queries[0].leaveOutForAlerts(header)
	response, err := d.client.query(ctx, query.RefID, request, header)
	if err != nil {
		log.DefaultLogger.FromContext(ctx).Debug("The collector gave no answer", "refId", query.RefID, "error", err)
		return failed(err)
	}
	if response.Error != nil && response.ErrorSource == "" {
		response.ErrorSource = backend.ErrorSourceDownstream
	}
	sayTakenAsWritten(response, request.asWritten)
	return response
}

// query posts one query and reads its answer: Grafana's wire form, which the SDK takes as it is.
func (c *client) query(ctx context.Context, refID string, request *queryRequest, header http.Header) (backend.DataResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	body, err := json.Marshal(request)
	if err != nil {
		return backend.DataResponse{}, backend.PluginError(err)
	}
	header.Set("Content-Type", "application/json")
	resp, err := c.do(ctx, http.MethodPost, "/v1/query", "", bytes.NewReader(body), header)
	if err != nil {
		return backend.DataResponse{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		f := refused(resp)
		sayUnknownType(f, refID, request.Queries[0])
		return backend.DataResponse{}, f
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	if err != nil {
		return backend.DataResponse{}, unreachable(c.base, err)
	}
	if len(answer) > maxAnswerBytes {
		return backend.DataResponse{}, backend.DownstreamError(fmt.Errorf("the answer is larger than %d MiB. Ask for fewer dimensions or a lower limit", maxAnswerBytes>>20))
	}
	if !isJSON(resp) {
		return backend.DataResponse{}, notACollector(resp)
	}
	var parsed backend.QueryDataResponse
	if err := json.Unmarshal(answer, &parsed); err != nil {
		return backend.DataResponse{}, backend.DownstreamError(fmt.Errorf("the collector's answer cannot be read: %w. Check that plugin and collector are of the same release", err))
	}
	response, found := parsed.Responses[refID]
	if !found {
		return backend.DataResponse{}, backend.DownstreamError(errors.New("the collector's answer lacks this query. Check that plugin and collector are of the same release"))
	}
	return response, nil
}

func failed(err error) backend.DataResponse {
	response := backend.DataResponse{Status: backend.StatusBadGateway, Error: err, ErrorSource: backend.ErrorSourceDownstream}
	var f *failure
	if errors.As(err, &f) {
		response.Status, response.ErrorSource = f.status, f.source
	} else if backend.IsPluginError(err) {
		response.Status, response.ErrorSource = backend.StatusInternal, backend.ErrorSourcePlugin
	}
	return response
}
