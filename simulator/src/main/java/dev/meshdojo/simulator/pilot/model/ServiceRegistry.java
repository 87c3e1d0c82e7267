package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads Services with their EndpointSlices, and ServiceEntries with their WorkloadEntries and pods.
 */
final class ServiceRegistry {

    private static final String EXPORT_TO = "networking.istio.io/exportTo";

    private final MeshConfig mesh;
    private final Workloads workloads;

    ServiceRegistry(MeshConfig mesh, Workloads workloads) {
        this.mesh = mesh;
        this.workloads = workloads;
    }

    /** The Services that a ServiceEntry declares, one a host. */
    List<Service> external(KubeObject entry) {
        return entry.spec().texts("hosts").stream().map(host -> external(entry, host)).toList();
    }

    /**
     * A Kubernetes Service.
     *
     * @param slices its EndpointSlices in order of name
     */
    Service kubernetes(KubeObject object, List<KubeObject> slices) {
        JsonView spec = object.spec();
        List<Service.Port> ports = new ArrayList<>();
        for (JsonView port : spec.list("ports")) {
            int number = port.integer("port");
            ports.add(
                    new Service.Port(
                            number,
                            port.text("name"),
                            Protocol.ofServicePort(
                                    number,
                                    port.text("name"),
                                    port.text("protocol"),
                                    port.text("appProtocol"))));
        }
        boolean alias = spec.text("type").equals("ExternalName");
        boolean headless = spec.text("clusterIP").equals("None");
        List<Endpoint> endpoints = sliceEndpoints(slices);
        if (!alias && !headless) {
            addWorkloadEntries(endpoints, object);
        }
        String exported = object.annotations().getOrDefault(EXPORT_TO, "");
        return new Service(
                object.name() + "." + object.namespace() + ".svc." + mesh.domain(),
                object.name(),
                object.namespace(),
                object.created(),
                ports,
                alias
                        ? Service.Resolution.ALIAS
                        : headless
                                ? Service.Resolution.PASSTHROUGH
                                : Service.Resolution.CLIENT_SIDE,
                Service.Registry.KUBERNETES,
                false,
                object.labels(),
                spec.textMap("selector"),
                Visibility.of(
                        exported.isEmpty() ? List.of() : List.of(exported.split(",")),
                        object.namespace(),
                        mesh.serviceExport()),
                alias ? spec.text("externalName") : "",
                TrafficDistribution.of(spec.text("trafficDistribution"), object),
                List.of(),
                endpoints);
    }

    /** WorkloadEntries that the selector takes beside pods: virtual machines behind a Service. */
    private void addWorkloadEntries(List<Endpoint> out, KubeObject object) {
        Map<String, String> selector = object.spec().textMap("selector");
        if (selector.isEmpty()) {
            return;
        }
        for (KubeObject workload : workloads.entries(object.namespace(), selector)) {
            for (JsonView port : object.spec().list("ports")) {
                JsonView target = port.at("targetPort");
                boolean named = target.present() && !target.node().isNumber();
                String name = named ? target.asText() : port.text("name");
                int number = workload.spec().at("ports").integer(name);
                if (number == 0 && named) {
                    continue;
                }
                if (number == 0) {
                    number = target.present() ? target.node().asInt() : port.integer("port");
                }
                out.add(
                        workloads.ofEntry(
                                workload.spec(),
                                workload.labels(),
                                object.namespace(),
                                port.text("name"),
                                number,
                                WorkloadNames.ofEntry(workload)));
            }
        }
    }

    private List<Endpoint> sliceEndpoints(List<KubeObject> slices) {
        List<Endpoint> out = new ArrayList<>();
        for (KubeObject slice : slices) {
            if (slice.view().text("addressType").equals("FQDN")) {
                continue;
            }
            for (JsonView port : slice.view().list("ports")) {
                for (JsonView endpoint : slice.view().list("endpoints")) {
                    addSliceEndpoint(out, slice.namespace(), port, endpoint);
                }
            }
        }
        return out;
    }

    private void addSliceEndpoint(
            List<Endpoint> out, String namespace, JsonView port, JsonView endpoint) {
        JsonView conditions = endpoint.at("conditions");
        boolean ready = !conditions.has("ready") || conditions.flag("ready");
        if (!ready && conditions.flag("terminating")) {
            return;
        }
        JsonView target = endpoint.at("targetRef");
        KubeObject pod =
                target.text("kind").equals("Pod")
                        ? workloads.pod(namespace, target.text("name"))
                        : null;
        for (String address : endpoint.texts("addresses")) {
            out.add(workloads.ofPod(pod, address, port.integer("port"), port.text("name"), ready));
        }
    }

    private Service external(KubeObject entry, String host) {
        JsonView spec = entry.spec();
        List<Service.Port> ports = new ArrayList<>();
        List<Endpoint> endpoints = new ArrayList<>();
        Service.Resolution resolution = resolution(spec.text("resolution"));
        boolean dns =
                resolution == Service.Resolution.DNS
                        || resolution == Service.Resolution.DNS_ROUND_ROBIN;
        for (JsonView written : spec.list("ports")) {
            int number = written.integer("number");
            Service.Port port =
                    new Service.Port(
                            number, written.text("name"), Protocol.parse(written.text("protocol")));
            ports.add(port);
            int target = written.integer("targetPort");
            if (target == 0) {
                target = number;
            }
            entryEndpoints(endpoints, entry, port, target);
            if (dns && spec.list("endpoints").isEmpty() && !spec.has("workloadSelector")) {
                endpoints.add(hostEndpoint(entry, host, port, target));
            }
        }
        return new Service(
                host,
                host,
                entry.namespace(),
                entry.created(),
                ports,
                resolution,
                Service.Registry.EXTERNAL,
                !spec.text("location").equals("MESH_INTERNAL"),
                entry.labels(),
                spec.at("workloadSelector").textMap("labels"),
                Visibility.of(spec.texts("exportTo"), entry.namespace(), mesh.serviceExport()),
                "",
                TrafficDistribution.of("", entry),
                spec.texts("subjectAltNames"),
                endpoints);
    }

    private static Endpoint hostEndpoint(
            KubeObject entry, String host, Service.Port port, int target) {
        return new Endpoint(
                host,
                target,
                port.name(),
                Map.of(),
                "",
                1,
                true,
                "disabled",
                entry.namespace(),
                "",
                "",
                entry.name());
    }

    private void entryEndpoints(
            List<Endpoint> out, KubeObject entry, Service.Port port, int target) {
        JsonView spec = entry.spec();
        List<JsonView> written = spec.list("endpoints");
        for (int i = 0; i < written.size(); i++) {
            JsonView endpoint = written.get(i);
            out.add(
                    workloads.ofEntry(
                            endpoint,
                            Map.of(),
                            entry.namespace(),
                            port.name(),
                            Workloads.port(endpoint, port.name(), target),
                            entry.name() + "-" + i));
        }
        Map<String, String> selector = spec.at("workloadSelector").textMap("labels");
        if (selector.isEmpty()) {
            return;
        }
        for (KubeObject workload : workloads.entries(entry.namespace(), selector)) {
            if (!workload.spec().text("address").startsWith("unix://")) {
                out.add(
                        workloads.ofEntry(
                                workload.spec(),
                                workload.labels(),
                                entry.namespace(),
                                port.name(),
                                Workloads.port(workload.spec(), port.name(), target),
                                WorkloadNames.ofEntry(workload)));
            }
        }
        for (KubeObject pod : workloads.readyPods(entry.namespace(), selector)) {
            out.add(workloads.ofPod(pod, Workloads.podIp(pod), target, port.name(), true));
        }
    }

    private static Service.Resolution resolution(String written) {
        return switch (written) {
            case "STATIC" -> Service.Resolution.CLIENT_SIDE;
            case "DNS" -> Service.Resolution.DNS;
            case "DNS_ROUND_ROBIN" -> Service.Resolution.DNS_ROUND_ROBIN;
            case "DYNAMIC_DNS" -> Service.Resolution.DYNAMIC_DNS;
            default -> Service.Resolution.PASSTHROUGH;
        };
    }
}
