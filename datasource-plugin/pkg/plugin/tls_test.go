package plugin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

const emptyAnswer = `{"results":{"A":{"status":200,"frames":[]}}}`

// startTLS starts a collector behind TLS with the certificate of httptest (its own authority, made out for 127.0.0.1 and example.com).
func startTLS(t *testing.T, prepare func(*httptest.Server)) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, 200, "application/json", emptyAnswer)
	}))
	if prepare != nil {
		prepare(server)
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func withSecrets(t *testing.T, jsonData map[string]any, secrets map[string]string) *Datasource {
	t.Helper()
	encoded, err := json.Marshal(jsonData)
	require.NoError(t, err)
	secrets["token"] = testToken
	instance, err := NewDatasource(context.Background(), backend.DataSourceInstanceSettings{JSONData: encoded, DecryptedSecureJSONData: secrets})
	require.NoError(t, err)
	d := instance.(*Datasource)
	t.Cleanup(d.Dispose)
	return d
}

func certificatePEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestACertificateOfAnUnknownAuthorityIsNamedWithWhatToDo(t *testing.T) {
	server := startTLS(t, nil)
	err := ask(t, withSecrets(t, map[string]any{"url": server.URL}, map[string]string{}), nil, dataQuery("A", `{}`))["A"].Error
	require.ErrorContains(t, err, "is not trusted")
	require.ErrorContains(t, err, "Own certificate authority")
}

func TestTheOwnAuthorityIsTrusted(t *testing.T) {
	server := startTLS(t, nil)
	d := withSecrets(t, map[string]any{"url": server.URL, "tlsAuthWithCACert": true}, map[string]string{"tlsCACert": certificatePEM(server.Certificate().Raw)})
	require.NoError(t, ask(t, d, nil, dataQuery("A", `{}`))["A"].Error)
}

func TestVerificationCanBeSkipped(t *testing.T) {
	server := startTLS(t, nil)
	d := withSecrets(t, map[string]any{"url": server.URL, "tlsSkipVerify": true}, map[string]string{})
	require.NoError(t, ask(t, d, nil, dataQuery("A", `{}`))["A"].Error)
}

func TestTheClientCertificateIsShown(t *testing.T) {
	server := startTLS(t, func(server *httptest.Server) {
		server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	})
	trusted := map[string]any{"url": server.URL, "tlsAuthWithCACert": true}
	authority := certificatePEM(server.Certificate().Raw)
	without := withSecrets(t, trusted, map[string]string{"tlsCACert": authority})
	require.Error(t, ask(t, without, nil, dataQuery("A", `{}`))["A"].Error)

	// The server's own pair does for a client: it asks for any.
	pair := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(t, err)
	trusted["tlsAuth"] = true
	with := withSecrets(t, trusted, map[string]string{
		"tlsCACert": authority, "tlsClientCert": certificatePEM(pair.Certificate[0]),
		"tlsClientKey": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
	})
	require.NoError(t, ask(t, with, nil, dataQuery("A", `{}`))["A"].Error)
}

func TestACertificateThatCannotBeReadIsSaid(t *testing.T) {
	d := withSecrets(t, map[string]any{"url": "https://collector", "tlsAuthWithCACert": true}, map[string]string{"tlsCACert": "no PEM"})
	require.ErrorContains(t, ask(t, d, nil, dataQuery("A", `{}`))["A"].Error, "The settings cannot be used")
}

func TestOwnHeadersGoWithEveryRequestButNeverReplaceTheToken(t *testing.T) {
	var seen http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		writeJSON(w, 200, "application/json", emptyAnswer)
	}))
	t.Cleanup(server.Close)
	jsonData := map[string]any{"url": server.URL, "httpHeaderName1": "X-Gate"}
	d := withSecrets(t, jsonData, map[string]string{"httpHeaderValue1": "open"})
	require.NoError(t, ask(t, d, nil, dataQuery("A", `{}`))["A"].Error)
	require.Equal(t, "open", seen.Get("X-Gate"))
	require.Equal(t, "Bearer "+testToken, seen.Get("Authorization"))

	jsonData["httpHeaderName1"] = "authorization"
	refused := withSecrets(t, jsonData, map[string]string{"httpHeaderValue1": "Bearer other"})
	require.ErrorContains(t, ask(t, refused, nil, dataQuery("A", `{}`))["A"].Error, "The header authorization is the data source's own")
}

func TestAnAnswerThatTakesTooLongIsGivenUp(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	started := time.Now()
	response := ask(t, withSecrets(t, map[string]any{"url": server.URL, "timeout": 1}, map[string]string{}), nil, dataQuery("A", `{}`))["A"]
	require.ErrorContains(t, response.Error, "did not answer in time")
	require.Equal(t, backend.StatusTimeout, response.Status)
	require.Less(t, time.Since(started), 30*time.Second, "the timeout of the settings, not the SDK's")
}
