package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.Locale;
import java.util.Set;

/** Service ports whose protocol their name does not tell. */
final class PortNameAnalyzer implements Analyzer {

    private static final Set<String> PROTOCOLS =
            Set.of(
                    "tcp",
                    "udp",
                    "grpc",
                    "grpc-web",
                    "http",
                    "http_proxy",
                    "http2",
                    "https",
                    "tls",
                    "mongo",
                    "redis",
                    "mysql");
    private static final Set<String> KUBERNETES_PROTOCOLS =
            Set.of("kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss");

    /** SMTP, DNS, MySQL and MongoDB. */
    private static final Set<Long> WELL_KNOWN = Set.of(25L, 53L, 3306L, 27017L);

    private static final Set<String> MANAGED =
            Set.of(
                    "istio.io-gateway-controller",
                    "istio.io-mesh-controller",
                    "istio.io-eastwest-controller");

    @Override
    public void analyze(AnalysisContext context) {
        for (AnalyzedObject service : context.all(ObjectKind.SERVICE)) {
            String manager = service.labels().getOrDefault("gateway.istio.io/managed", "");
            if (isControlPlane(service) || MANAGED.contains(manager)) {
                continue;
            }
            boolean external = service.spec().text("type").equals("ExternalName");
            for (Spec port : service.spec().list("ports")) {
                if (tellsProtocol(port) && !(external && port.text("name").equals("tcp"))) {
                    continue;
                }
                if (external) {
                    context.report(MessageType.EXTERNAL_NAME_PORT_NAME, service);
                } else {
                    String target = port.text("targetPort");
                    context.report(
                            MessageType.PORT_NAME_OUTSIDE_CONVENTION,
                            service,
                            port.text("name"),
                            port.number("port"),
                            target.isEmpty() ? "0" : target);
                }
            }
        }
    }

    /** Whether an object carries the labels of Istio's own components. */
    static boolean isControlPlane(AnalyzedObject object) {
        return object.labels().containsKey("istio")
                || "istio".equals(object.labels().get("release"));
    }

    private static boolean tellsProtocol(Spec port) {
        if (port.text("protocol").equals("UDP")) {
            return true;
        }
        String name = port.text("name");
        if (port.has("appProtocol")) {
            name = port.text("appProtocol");
            if (KUBERNETES_PROTOCOLS.contains(name)) {
                return true;
            }
        }
        String lower = name.toLowerCase(Locale.ROOT);
        int dash = lower.indexOf('-');
        return lower.startsWith("grpc-web")
                || PROTOCOLS.contains(dash < 0 ? lower : lower.substring(0, dash))
                || WELL_KNOWN.contains(port.number("port"));
    }
}
