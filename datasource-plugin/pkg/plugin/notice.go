package plugin

import (
	"fmt"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// sayTakenAsWritten puts a notice beside an answer whose filters hold what may have been meant as a variable.
func sayTakenAsWritten(response backend.DataResponse, values []string) {
	if len(values) == 0 || len(response.Frames) == 0 {
		return
	}
	response.Frames[0].AppendNotices(data.Notice{
		Severity: data.NoticeSeverityInfo,
		Text:     fmt.Sprintf("Filtered by %s as it is written: dashboard variables have no value here.", strings.Join(values, ", ")),
	})
}
