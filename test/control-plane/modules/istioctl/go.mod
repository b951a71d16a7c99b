module control-plane/istioctl

go 1.26.0

// Its 1.31 tags have no leading v, so the proxy does not serve them: this is main on the day of the branch.
require istio.io/istio v0.0.0-20260827124520-eed52ebb66ad

tool istio.io/istio/istioctl/cmd/istioctl

// Commits that its own go.mod names and that are no longer served, by the nearest tags that are.
replace (
	github.com/envoyproxy/go-control-plane/contrib => github.com/envoyproxy/go-control-plane/contrib v1.36.1-0.20260729145720-a2d8c7492908
	github.com/envoyproxy/go-control-plane/envoy => github.com/envoyproxy/go-control-plane/envoy v1.40.0
	istio.io/api => istio.io/api v1.31.1
	istio.io/client-go => istio.io/client-go v1.31.1
)
