// Prints the shapes of internal Go types that messages show: every field under its Go name.
// Run in a module that requires k8s.io/kubernetes of the served version, with its staging modules replaced.
package main

import (
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	crd "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/kubernetes/pkg/apis/apps"
	"k8s.io/kubernetes/pkg/apis/batch"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/policy"
)

type field struct{ name, code string }

var out = map[string]*[]field{}

func name(t reflect.Type) string {
	p := t.PkgPath()
	parts := strings.Split(p, "/")
	g := parts[len(parts)-1]
	if strings.Contains(p, "apimachinery") {
		g = "meta"
	}
	v := parts[len(parts)-1]
	_ = v
	return g + "." + t.Name()
}

func code(t reflect.Type) string {
	switch t {
	case reflect.TypeOf(metav1.Time{}):
		return "T"
	case reflect.TypeOf(metav1.MicroTime{}):
		return "M"
	case reflect.TypeOf(resource.Quantity{}):
		return "Q"
	case reflect.TypeOf(intstr.IntOrString{}):
		return "I"
	case reflect.TypeOf(metav1.Duration{}):
		return "S"
	case reflect.TypeOf((*crd.JSON)(nil)).Elem(), reflect.TypeOf(runtime.RawExtension{}), reflect.TypeOf(metav1.FieldsV1{}):
		return "R"
	}
	switch t.Kind() {
	case reflect.Ptr:
		return "*" + code(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "B"
		}
		return "[" + code(t.Elem())
	case reflect.Map:
		return "{" + code(t.Elem())
	case reflect.Struct:
		walk(t)
		return "@" + name(t)
	case reflect.Bool:
		return "b"
	case reflect.String:
		return "S"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "i"
	case reflect.Float64:
		return "f"
	case reflect.Interface:
		return "R"
	}
	panic(fmt.Sprint(t, t.Kind()))
}

func fields(t reflect.Type, m *[]field) {
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		parts := strings.Split(tag, ",")
		if f.Anonymous && parts[0] == "" {
			if f.Type == reflect.TypeOf(metav1.TypeMeta{}) {
				continue
			}
			ft := f.Type
			fields(ft, m)
			continue
		}
		if parts[0] == "" {
			parts[0] = f.Name
		}
		c := code(f.Type)
		omitempty, omitzero := false, false
		for _, o := range parts[1:] {
			if o == "omitempty" {
				omitempty = true
			}
			if o == "omitzero" {
				omitzero = true
			}
		}
		if omitzero {
			c += "~"
		} else if omitempty {
			c += "?"
		}
		*m = append(*m, field{parts[0], c})
	}
}

func walk(t reflect.Type) {
	n := name(t)
	if _, ok := out[n]; ok {
		return
	}
	m := &[]field{}
	out[n] = m
	fields(t, m)
}

func main() {
	roots := []any{core.PodSpec{}, core.PodTemplateSpec{}, core.PersistentVolumeClaimSpec{}, core.PersistentVolumeSource{}, core.Taint{}, core.ServicePort{}, core.SecurityContext{}, apps.DeploymentStrategy{}, apps.DaemonSetUpdateStrategy{}, apps.StatefulSetUpdateStrategy{}, batch.SuccessPolicy{}, policy.PodDisruptionBudgetSpec{}, core.NodeAddress{}, core.ScopeSelector{}, core.EndpointAddress{}, crd.CustomResourceDefinitionVersion{}, batch.PodFailurePolicy{}}
	for _, r := range roots {
		walk(reflect.TypeOf(r))
	}
	names := []string{}
	for n := range out {
		names = append(names, n)
	}
	sort.Strings(names)
	lines := []string{}
	for _, n := range names {
		fs := []string{}
		for _, f := range *out[n] {
			fs = append(fs, fmt.Sprintf("%q:%q", f.name, f.code))
		}
		lines = append(lines, fmt.Sprintf("%q:{%s}", n, strings.Join(fs, ",")))
	}
	fmt.Fprintf(os.Stdout, "{\n%s\n}\n", strings.Join(lines, ",\n"))
}
