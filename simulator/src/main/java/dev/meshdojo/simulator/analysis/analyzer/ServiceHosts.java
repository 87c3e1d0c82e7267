package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All hosts that Services and ServiceEntries make known, by the namespaces that see them. */
final class ServiceHosts {

    /**
     * What stands behind a host.
     *
     * @param ports its port numbers, in order
     * @param workloadLabels the labels by which a ServiceEntry picks workloads; empty if it does
     *     not
     */
    record Host(List<Long> ports, Map<String, String> workloadLabels) {}

    private final Map<String, Host> byScopedName = new LinkedHashMap<>();

    ServiceHosts(AnalysisContext context) {
        context.all(ObjectKind.SERVICE_ENTRY).forEach(this::addEntry);
        context.all(ObjectKind.SERVICE).forEach(this::addService);
    }

    private void addEntry(AnalyzedObject entry) {
        Spec spec = entry.spec();
        Host host =
                new Host(
                        spec.list("ports").stream().map(port -> port.number("number")).toList(),
                        spec.get("workloadSelector").textMap("labels"));
        List<String> exportTo = spec.texts("exportTo");
        boolean everywhere = exportTo.isEmpty();
        for (String name : spec.texts("hosts")) {
            if (everywhere) {
                add(Hosts.EVERYWHERE, entry, name, host);
                continue;
            }
            for (String scope : exportTo) {
                add(scope.equals(".") ? entry.namespace() : scope, entry, name, host);
                if (scope.equals(Hosts.EVERYWHERE)) {
                    everywhere = true;
                    break;
                }
            }
        }
    }

    private void addService(AnalyzedObject service) {
        Host host =
                new Host(
                        service.spec().list("ports").stream()
                                .map(port -> port.number("port"))
                                .toList(),
                        Map.of());
        String exportTo = service.annotations().getOrDefault("networking.istio.io/exportTo", "");
        if (exportTo.isEmpty()) {
            add(Hosts.EVERYWHERE, service, service.name(), host);
            return;
        }
        for (String part : exportTo.split(",", -1)) {
            String scope = part.strip();
            add(scope.equals(".") ? service.namespace() : scope, service, service.name(), host);
        }
    }

    private void add(String scope, AnalyzedObject owner, String name, Host host) {
        byScopedName.put(Hosts.scoped(scope, owner.namespace(), name), host);
    }

    /**
     * What a destination means to an object, null when nothing visible has that name.
     *
     * @param namespace the object's namespace
     * @param exportTo the object's own {@code exportTo}
     * @param name the destination as written
     */
    @Nullable Host find(String namespace, List<String> exportTo, String name) {
        Host found = byScopedName.get(Hosts.scoped(Hosts.EVERYWHERE, namespace, name));
        if (found != null) {
            return found;
        }
        for (String scope : exportTo.isEmpty() ? List.of(".") : exportTo) {
            String visibleIn = scope.equals(".") ? namespace : scope;
            found = byScopedName.get(Hosts.scoped(visibleIn, namespace, name));
            if (found != null) {
                return found;
            }
        }
        return byWildcard(namespace, name);
    }

    private @Nullable Host byWildcard(String namespace, String name) {
        String bare = name.startsWith("*") ? name.substring(1) : name;
        for (Map.Entry<String, Host> entry : byScopedName.entrySet()) {
            int slash = entry.getKey().indexOf('/');
            String scope = entry.getKey().substring(0, slash);
            String host = entry.getKey().substring(slash + 1);
            if (host.startsWith("*")
                    && (scope.equals(Hosts.EVERYWHERE) || scope.equals(namespace))
                    && bare.endsWith(host.substring(1))) {
                return entry.getValue();
            }
        }
        return null;
    }
}
