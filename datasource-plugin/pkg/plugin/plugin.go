// Package plugin forwards what Grafana asks to the collector and its answers back. It computes nothing: the collector speaks
// Grafana's own frame format, so that there is one way to compute a number.
package plugin

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
)

var (
	_ backend.QueryDataHandler      = (*Datasource)(nil)
	_ backend.CallResourceHandler   = (*Datasource)(nil)
	_ backend.CheckHealthHandler    = (*Datasource)(nil)
	_ instancemgmt.InstanceDisposer = (*Datasource)(nil)
)

// Datasource is one configured data source. Grafana makes a new one whenever its settings change.
type Datasource struct {
	client *client
	// broken holds what is wrong with the settings. Such a data source still answers, with that sentence, since an error of
	// NewDatasource would reach nobody's screen.
	broken *failure
}

// NewDatasource is the SDK's instance factory.
func NewDatasource(ctx context.Context, saved backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	settings, broken := parseSettings(saved)
	if broken != nil {
		return &Datasource{broken: broken}, nil
	}
	options, err := saved.HTTPClientOptions(ctx)
	if err != nil {
		return &Datasource{broken: unusableSettings(err)}, nil
	}
	client, err := newClient(settings, options)
	if err != nil {
		return &Datasource{broken: unusableSettings(err)}, nil
	}
	return &Datasource{client: client}, nil
}

// Dispose closes the connections kept for reuse. Requests under way end by themselves.
func (d *Datasource) Dispose() {
	if d.client != nil {
		d.client.http.CloseIdleConnections()
	}
}
