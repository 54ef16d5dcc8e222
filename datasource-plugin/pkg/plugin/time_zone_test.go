package plugin

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestZoneOfTheRangeArrives(t *testing.T) {
	for _, zone := range []string{"America/Los_Angeles", "Asia/Kolkata", "Asia/Calcutta", "Etc/GMT+8", "UTC"} {
		require.JSONEq(t, `{"from":1735689600000,"to":1767139200000,"timeZone":"`+zone+`","maxDataPoints":1000,"queries":[{"refId":"A"}]}`,
			sentFor(t, dataQuery("A", `{"timeZone":"`+zone+`"}`)), zone)
	}
}

func TestZoneIsTheCollectorsToChooseWhereNobodyToldOne(t *testing.T) {
	for _, model := range []string{`{}`, `{"timeZone":""}`, `{"timeZone":null}`} {
		require.NotContains(t, sentFor(t, dataQuery("A", model)), "timeZone", model)
	}
}
