package plugin

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// Settings is what the config page or a provisioning file says. The timeout (jsonData.timeout, seconds), TLS and proxy settings
// are read by the SDK.
type Settings struct {
	// URL of the collector, without the /v1 of its API.
	URL *url.URL
	// Token of a workspace; kept encrypted by Grafana (secureJsonData.token).
	Token string
}

const maxTimeoutSeconds = 300

// parseSettings returns every mistake at once, so that a provisioning file is corrected in one go.
func parseSettings(saved backend.DataSourceInstanceSettings) (Settings, *failure) {
	var stored struct {
		URL     string   `json:"url"`
		Timeout *float64 `json:"timeout"`
	}
	if len(saved.JSONData) > 0 {
		if err := json.Unmarshal(saved.JSONData, &stored); err != nil {
			return Settings{}, unusableSettings(err)
		}
	}

	var mistakes []string
	base, mistake := parseURL(strings.TrimSpace(stored.URL))
	if mistake != "" {
		mistakes = append(mistakes, mistake)
	}
	token := strings.TrimSpace(saved.DecryptedSecureJSONData["token"])
	if token == "" {
		mistakes = append(mistakes, "The token is missing (secureJsonData.token).")
	}
	if stored.Timeout != nil && (*stored.Timeout < 1 || *stored.Timeout > maxTimeoutSeconds) {
		mistakes = append(mistakes, fmt.Sprintf("The timeout must be between 1 and %d seconds (jsonData.timeout).", maxTimeoutSeconds))
	}
	mistakes = append(mistakes, takenHeaders(saved.JSONData)...)
	if len(mistakes) > 0 {
		return Settings{}, &failure{
			hop:     hopSettings,
			status:  backend.StatusBadRequest,
			source:  backend.ErrorSourceDownstream,
			message: strings.Join(mistakes, " "),
			remedy:  "Complete the settings of this data source and save them.",
		}
	}
	return Settings{URL: base, Token: token}, nil
}

func parseURL(text string) (*url.URL, string) {
	if text == "" {
		return nil, "The collector's URL is missing (jsonData.url)."
	}
	base, err := url.Parse(text)
	switch {
	case err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "":
		return nil, "The collector's URL must look like http://collector:8085 (jsonData.url)."
	case base.User != nil:
		return nil, "The collector's URL must not hold a user or password; the token belongs in secureJsonData.token."
	case base.RawQuery != "" || base.Fragment != "":
		return nil, "The collector's URL must end before any ? or # (jsonData.url)."
	}
	return base, ""
}

func unusableSettings(err error) *failure {
	return &failure{
		hop:     hopSettings,
		status:  backend.StatusBadRequest,
		source:  backend.ErrorSourceDownstream,
		message: "The settings cannot be used: " + err.Error() + ".",
		remedy:  "Correct the settings of this data source and save them.",
		cause:   err,
	}
}

// ownHeaders are set by the data source itself or by Grafana's identity; one of the settings would take their place without a word.
var ownHeaders = []string{"Authorization", "X-Grafana-Id", "Content-Type"}

// takenHeaders refuses headers of the settings (httpHeaderName1 …, which the SDK reads) that are not theirs to set.
func takenHeaders(jsonData []byte) []string {
	var stored map[string]any
	// Settings of another form are refused before.
	_ = json.Unmarshal(jsonData, &stored)
	var mistakes []string
	for _, key := range slices.Sorted(maps.Keys(stored)) {
		name, isText := stored[key].(string)
		if isText && strings.HasPrefix(key, "httpHeaderName") && slices.Contains(ownHeaders, http.CanonicalHeaderKey(strings.TrimSpace(name))) {
			mistakes = append(mistakes, fmt.Sprintf("The header %s is the data source's own and cannot be set (jsonData.%s).", name, key))
		}
	}
	return mistakes
}
