package plugin

import (
	"fmt"
	"time"
	// The names of zones, also where the machine has none (Windows, small images).
	_ "time/tzdata"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// checkTimeZone refuses a zone that is none. The front end writes the name; an odd one was written by hand, and leaving it out would
// answer for other days than those that were meant. No zone at all is the collector's to choose.
func checkTimeZone(query backend.DataQuery, name string) error {
	if name == "" {
		return nil
	}
	// "Local" is Go's word for the zone of this machine.
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return fmt.Errorf("query %s names the time zone %q, which is none. Take timeZone out of the saved query, or write an IANA name such as Europe/Berlin, or UTC", query.RefID, name)
	}
	return nil
}
