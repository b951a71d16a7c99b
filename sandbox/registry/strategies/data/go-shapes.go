// Prints the Go shapes of the built-in kinds: which fields are always sent, which only when not empty, which are pointers.
// Run in a module that requires k8s.io/{api,apimachinery,apiextensions-apiserver,kube-aggregator} of the served version.
package main

import (
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	adm "k8s.io/api/admissionregistration/v1"
	apps "k8s.io/api/apps/v1"
	as "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	certs "k8s.io/api/certificates/v1"
	coord "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	disc "k8s.io/api/discovery/v1"
	ev "k8s.io/api/events/v1"
	fc "k8s.io/api/flowcontrol/v1"
	net "k8s.io/api/networking/v1"
	node "k8s.io/api/node/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	res "k8s.io/api/resource/v1"
	sched "k8s.io/api/scheduling/v1"
	st "k8s.io/api/storage/v1"
	crd "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	agg "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type field struct{ name, code string }

var out = map[string]*[]field{}

func name(t reflect.Type) string {
	p := t.PkgPath()
	parts := strings.Split(p, "/")
	g := parts[len(parts)-2]
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
	case reflect.TypeOf(runtime.RawExtension{}), reflect.TypeOf(metav1.FieldsV1{}), reflect.TypeOf(crd.JSON{}), reflect.TypeOf(crd.JSONSchemaProps{}),
		reflect.TypeOf(crd.JSONSchemaPropsOrBool{}), reflect.TypeOf(crd.JSONSchemaPropsOrArray{}), reflect.TypeOf(crd.JSONSchemaPropsOrStringArray{}):
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
		if parts[0] == "" || parts[0] == "-" {
			if tag == "-" {
				continue
			}
			panic(t.Name() + f.Name)
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
	roots := []any{
		core.Binding{}, core.ConfigMap{}, core.Endpoints{}, core.Event{}, core.LimitRange{}, core.Namespace{}, core.Node{}, core.PersistentVolumeClaim{}, core.PersistentVolume{}, core.Pod{}, core.PodTemplate{}, core.ReplicationController{}, core.ResourceQuota{}, core.Secret{}, core.ServiceAccount{}, core.Service{},
		adm.MutatingAdmissionPolicy{}, adm.MutatingAdmissionPolicyBinding{}, adm.MutatingWebhookConfiguration{}, adm.ValidatingAdmissionPolicy{}, adm.ValidatingAdmissionPolicyBinding{}, adm.ValidatingWebhookConfiguration{},
		crd.CustomResourceDefinition{}, agg.APIService{}, apps.ControllerRevision{}, apps.DaemonSet{}, apps.Deployment{}, apps.ReplicaSet{}, apps.StatefulSet{},
		as.HorizontalPodAutoscaler{}, batch.CronJob{}, batch.Job{}, certs.CertificateSigningRequest{}, coord.Lease{}, disc.EndpointSlice{}, ev.Event{}, fc.FlowSchema{}, fc.PriorityLevelConfiguration{},
		net.IngressClass{}, net.Ingress{}, net.IPAddress{}, net.NetworkPolicy{}, net.ServiceCIDR{}, node.RuntimeClass{}, policy.PodDisruptionBudget{}, rbac.ClusterRole{}, rbac.ClusterRoleBinding{}, rbac.Role{}, rbac.RoleBinding{},
		res.DeviceClass{}, res.ResourceClaim{}, res.ResourceClaimTemplate{}, res.ResourceSlice{}, sched.PriorityClass{}, st.CSIDriver{}, st.CSINode{}, st.CSIStorageCapacity{}, st.StorageClass{}, st.VolumeAttachment{}, st.VolumeAttributesClass{},
	}
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
