// Command gpx_amc_datasource is the backend of the Amazon Marketing Cloud data source. Grafana starts it and talks gRPC to it.
package main

import (
	"os"

	"amcreports/datasource/pkg/plugin"

	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"
)

const pluginID = "amcreports-amc-datasource"

func main() {
	if err := datasource.Manage(pluginID, plugin.NewDatasource, datasource.ManageOpts{}); err != nil {
		log.DefaultLogger.Error("The data source stopped", "error", err)
		os.Exit(1)
	}
}
