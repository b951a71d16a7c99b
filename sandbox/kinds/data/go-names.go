// Prints what the Go types of built-in kinds are called where their schema does not tell: for each type and field the name of
// the Go type (PullPolicy...), and the embedded struct a field comes from. For the words of decoding errors.
// Run in a module that requires k8s.io/{api,apimachinery,apiextensions-apiserver,kube-aggregator,client-go} of the served version:
// `go run go-names.go types.jsonl >go-names.jsonl`.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	crd "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/client-go/kubernetes/scheme"
	agg "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type field struct {
	Type     string `json:"t,omitempty"`
	Embedded string `json:"e,omitempty"`
}

var out = map[string]map[string]field{}

// openAPIName is how OpenAPI calls the type.
func openAPIName(t reflect.Type) string {
	p := strings.Replace(t.PkgPath(), "k8s.io/", "io.k8s.", 1)
	return strings.ReplaceAll(p, "/", ".") + "." + t.Name()
}

func walk(t reflect.Type) {
	switch t.Kind() {
	case reflect.Ptr, reflect.Slice, reflect.Map:
		walk(t.Elem())
	case reflect.Struct:
		name := openAPIName(t)
		if _, ok := out[name]; ok || !strings.HasPrefix(t.PkgPath(), "k8s.io/") {
			return
		}
		fields := map[string]field{}
		out[name] = fields
		collect(t, "", fields)
	}
}

func collect(t reflect.Type, embedded string, fields map[string]field) {
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")[0]
		if f.Anonymous && tag == "" {
			name := f.Name
			if embedded != "" {
				name = embedded + "." + name
			}
			inner := f.Type
			if inner.Kind() == reflect.Ptr {
				inner = inner.Elem()
			}
			if inner.Name() == "TypeMeta" || inner.Kind() != reflect.Struct {
				continue
			}
			collect(inner, name, fields)
			continue
		}
		if tag == "" || tag == "-" {
			continue
		}
		walk(f.Type)
		entry := field{Embedded: embedded}
		ft := f.Type
		if ft.Kind() == reflect.Ptr {
			ft = ft.Elem()
		}
		if ft.Kind() == reflect.Slice && ft.Elem().Kind() == reflect.Struct {
			ft = ft.Elem()
		}
		plain := ft.Kind() == reflect.Struct || ft.PkgPath() == "" && !strings.Contains(ft.String(), ".")
		if !plain {
			entry.Type = ft.String()
		}
		if entry != (field{}) {
			fields[tag] = entry
		}
	}
}

func main() {
	// The types that the sandbox serves.
	known, _ := os.ReadFile(os.Args[1])
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		if gvk.Version != "__internal" {
			walk(t)
		}
	}
	walk(reflect.TypeOf(crd.CustomResourceDefinition{}))
	walk(reflect.TypeOf(agg.APIService{}))
	names := []string{}
	for name, fields := range out {
		if len(fields) > 0 && strings.Contains("\n"+string(known), "\n"+name+" ") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		text, _ := json.Marshal(out[name])
		fmt.Fprintf(os.Stdout, "%s %s\n", name, text)
	}
}
