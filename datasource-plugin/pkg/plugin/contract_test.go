package plugin

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// jsonSchema is what the collector's tests write of the contract (contract/query.test.ts), as far as values are made from it.
type jsonSchema struct {
	Ref        string                `json:"$ref"`
	Defs       map[string]jsonSchema `json:"$defs"`
	Type       string                `json:"type"`
	Enum       []string              `json:"enum"`
	Properties map[string]jsonSchema `json:"properties"`
	Items      *jsonSchema           `json:"items"`
}

func readContract(t *testing.T) jsonSchema {
	t.Helper()
	text, err := os.ReadFile("../../../collector-service/src/contract/golden/metric-query.schema.json")
	require.NoError(t, err)
	var contract jsonSchema
	require.NoError(t, json.Unmarshal(text, &contract))
	return contract
}

// find follows a reference to its definition.
func (s jsonSchema) find(ref string) jsonSchema { return s.Defs[strings.TrimPrefix(ref, "#/$defs/")] }

// sample is a value of a type, none that the backend takes for nothing.
func (s jsonSchema) sample(t *testing.T, of jsonSchema) any {
	t.Helper()
	switch {
	case of.Ref != "":
		return s.sample(t, s.find(of.Ref))
	case len(of.Enum) > 0:
		return of.Enum[len(of.Enum)-1]
	case of.Type == "string":
		return "something"
	case of.Type == "integer":
		return 7
	case of.Type == "number":
		return 0.25
	case of.Type == "boolean":
		return true
	case of.Type == "array":
		return []any{s.sample(t, *of.Items)}
	case of.Type == "object":
		object := map[string]any{}
		for name, property := range of.Properties {
			object[name] = s.sample(t, property)
		}
		return object
	}
	require.FailNow(t, "a type of the contract that this test cannot make", "%+v", of)
	return nil
}

func TestEveryFieldOfTheContractArrives(t *testing.T) {
	contract := readContract(t)
	fields := contract.find(contract.Ref).Properties
	require.Contains(t, fields, "queryType")
	saved := contract.sample(t, jsonSchema{Ref: contract.Ref}).(map[string]any)
	saved["refId"] = "A"
	model, err := json.Marshal(saved)
	require.NoError(t, err)
	var sent struct{ Queries []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(sentFor(t, dataQuery("A", string(model)))), &sent))
	arrived, err := json.Marshal(sent.Queries[0])
	require.NoError(t, err)
	require.JSONEq(t, string(model), string(arrived))
	require.Len(t, sent.Queries[0], len(fields))
}

// A name that is both would never arrive; refId comes with Grafana's envelope, queryType is forwarded.
func TestGrafanasFieldsAreNoneOfTheContract(t *testing.T) {
	contract := readContract(t)
	fields := contract.find(contract.Ref).Properties
	require.Contains(t, fields, "refId")
	delete(fields, "refId")
	for name := range fields {
		require.False(t, staysHere(name), name)
	}
}
